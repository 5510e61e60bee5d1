/** A password that was forgotten. */
export const reset = {
  heading: 'A new password',
  text: 'A letter with a link goes to the mail address of the account.',
  who: 'Name or mail address',
  button: 'Send the letter',
  ask: 'This server sends no mail. Ask its administrator for a new password.',
  forgotten: 'Forgot your password?',
  sent: {
    heading: 'Check your mail',
    text: 'If there is an account with that, a letter is on its way. Open its link within a day.',
  },
  for: (name: string) => `For the account ${name}. All its sessions end with the old password.`,
  done: 'The new password is saved. Sign in with it.',
  spent: {
    heading: 'This link is no longer good',
    text: 'It was used already, is older than a day, or the password was changed meanwhile.',
  },
}
