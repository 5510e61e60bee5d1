/** What there is of an account: its password, its mail address, its sessions, its end. */
interface SessionAbout {
  readonly agent: string
  readonly network: string
  readonly begun: string
  readonly seen: string
}

export const account = {
  heading: 'Your account',
  password: 'Your current password',
  newPassword: 'New password',
  wrongPassword: 'This is not your password.',
  elsewhere: 'This account is kept elsewhere: its password is changed there.',
  mail: 'Mail address',
  noMail: 'There is no mail address of yours here: without one nobody can send you a new password.',
  mailNow: (address: string) => `Your mail address is ${address}.`,
  mailUnproven:
    'It is not confirmed, so no new password is sent there: save it again, and a letter with a link comes.',
  mailSent: 'If the address can be yours here, a letter is on its way to it. Open its link within a day.',
  mailWanted: ({ name, address }: { readonly name: string; readonly address: string }) =>
    `The account ${name} wants its mail at ${address}.`,
  confirmMail: 'Confirm the address',
  sessions: 'Sessions',
  session: ({ agent, network, begun, seen }: SessionAbout) =>
    `${agent}, from ${network}: begun ${begun}, last seen ${seen}`,
  thisBrowser: 'this browser',
  endSession: 'End this session',
  endAll: 'Sign out everywhere else',
  export: 'Download a copy of everything',
  delete: 'Delete the account',
  deleteText:
    'The account goes with its settings, marks, drafts and sessions, for good. What you have posted stays: other servers have it too.',
  lastAdministrator: 'You are the only administrator: make another one first.',
  deleted: {
    heading: 'Deleted',
    text: 'The account and all that was kept for it are gone. What it posted stays.',
  },
}
