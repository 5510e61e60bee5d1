/** German: see the English. */
import type { Words } from '../english.ts'

export const groups: Words['groups'] = {
  heading: 'Newsgroups',
  none: 'Hier gibt es noch keine Newsgroup, die Sie lesen dürfen.',
  noArticles: 'Hier sind keine Artikel.',
  moderated: 'moderiert',
  readOnly: 'nur lesen',
  movedTo: name => `umgezogen nach ${name}`,
}
