/** Invitations. */
interface LineAbout {
  readonly made: string
  readonly ends: string
  readonly came: string
  readonly guests: string
}

export const invites = {
  heading: 'Invitations',
  text: 'Whoever opens the link of an invitation can register here; it is known that you invited them.',
  guests: 'How many it lets in (at most 50)',
  days: 'Days it is good (at most 30)',
  make: 'Make an invitation',
  revoke: 'Revoke',
  wrong: 'Give how many it lets in, 1 to 50, and for how many days, 1 to 30.',
  enough: 'You have twenty invitations that are good. Revoke one first.',
  link: (link: string) => `Pass this link on; it is shown only now: ${link}`,
  line: ({ made, ends, came, guests }: LineAbout) => `Made ${made}, ends ${ends}: ${came} of ${guests} came.`,
}
