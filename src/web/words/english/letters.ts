/** Letters to people. */
interface About {
  /** Of the site. */
  readonly title: string
  readonly name: string
  readonly link: string
}

const ignore = 'If you do not know of this, ignore this letter: nothing happens then.'

export const letters = {
  register: ({ title, name, link }: About) => ({
    subject: `${title}: your account`,
    text: `Somebody, probably you, wants the account "${name}" at ${title} and gave this address.\nTo make it, open this link within a day:\n\n${link}\n\n${ignore}\n`,
  }),
  known: ({ title, name, link }: About) => ({
    subject: `${title}: your account`,
    text: `Somebody, probably you, wanted to register at ${title} with this address.\nIt has an account already, whose name is "${name}". If you do not know its password any more:\n\n${link}\n\n${ignore}\n`,
  }),
  reset: ({ title, name, link }: About) => ({
    subject: `${title}: a new password`,
    text: `Somebody, probably you, wants a new password for the account "${name}" at ${title}.\nTo choose one, open this link within a day:\n\n${link}\n\n${ignore}\n`,
  }),
  address: ({ title, name, link }: About) => ({
    subject: `${title}: your mail address`,
    text: `The account "${name}" at ${title} wants its mail at this address.\nTo confirm it, open this link within a day:\n\n${link}\n\n${ignore}\n`,
  }),
}
