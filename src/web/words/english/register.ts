/** Making an account. */
export const register = {
  heading: 'Register',
  name: 'Name',
  nameHint:
    'Two to forty small letters and digits, with blanks, dots and hyphens between them. You sign in with it.',
  address: 'Mail address',
  addressHint: 'Nobody sees it but whoever runs this server.',
  password: 'Password',
  passwordHint: 'At least eight characters; a few words that nobody would put together are best.',
  button: 'Register',
  confirm: 'Make the account',
  incomplete: 'There is no account yet. See below what is missing.',
  badName:
    'This cannot be a name here: two to forty small letters and digits, of one script, and no office such as admin.',
  badAddress: 'Give the address as name@example.org.',
  badPassword: 'A password has no control characters and at most 256 octets.',
  weakPassword: 'This password is weak: it is short, well known, or has your name in it.',
  taken: 'Somebody has this name already.',
  later: 'The account could not be made just now. Wait a minute and try again.',
  tooMany: 'Too many letters were asked for. Try again in an hour.',
  invitedBy: (name: string) => `You were invited by ${name}.`,
  ways: {
    letter: 'You get a letter with a link. The account is made when you open it within a day.',
    atOnce: 'The account is made at once: this server sends no mail, so the address is not checked.',
  },
  not: {
    closed: 'Nobody can register here.',
    invitedOnly: 'Only those with an invitation can register here: open the link of the invitation.',
    ask: 'This server sends no mail, so nobody can register from elsewhere. Ask its administrator for an account.',
  },
  sent: {
    heading: 'Check your mail',
    text: 'If the address can have an account here, a letter is on its way to it. Open its link within a day.',
  },
  sameAgain: 'The one that you chose when you registered: that was in another browser.',
  lastStep: (address: string) =>
    `Your address ${address} is confirmed. One more step, and the account is made.`,
  spent: {
    heading: 'This link is no longer good',
    text: 'It was used already, or is older than a day. If you have made the account, sign in; if not, register again.',
  },
  done: { heading: 'Welcome', text: 'You have an account, and are signed in.' },
  unproven: 'It was made at once because this server sends no mail; your address was not checked.',
  strengths: {
    fair: 'Your password is fair.',
    good: 'Your password is good.',
    strong: 'Your password is strong.',
  },
}
