/** Sessions: how they begin and end. */
export const login = {
  heading: 'Sign in',
  name: 'Name',
  password: 'Password',
  button: 'Sign in',
  signOut: 'Sign out',
  account: 'Your account',
  signedInAs: (name: string) => `You are signed in as ${name}.`,
  proveAgain: 'This page asks for your password when you last gave it more than an hour ago.',
  needsTls: 'Passwords are taken only over an encrypted connection: open this page by https.',
  refused: 'Name and password do not match, or the account may not sign in.',
  busy: 'Too many have tried in vain of late. Wait a minute and try again.',
  oldForm: 'This form was not shown to this browser, or too long ago. Please try again.',
}
