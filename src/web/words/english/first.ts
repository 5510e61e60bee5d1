/** The first minute of a node. */
export const first = {
  heading: 'The first account',
  text: 'This server has no administrator yet. The account that you make here is the one.',
  button: 'Make the account',
  badName: 'This cannot be a name: it is empty, too long, or has a control character or a blank at an end.',
  spent: {
    heading: 'This link is no longer good',
    text: 'It works once, and only until the server has an administrator or is started again.',
  },
}
