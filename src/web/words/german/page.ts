/** German: see the English. */
import type { Words } from '../english.ts'

export const page: Words['page'] = {
  statistics: 'Statistik',
  skip: 'Zum Inhalt',
  site: 'Seiten',
  groups: 'Gruppen',
  newArticle: 'Neuer Artikel',
  search: 'Suche',
  trail: 'Sie sind hier',
  pages: 'Blättern',
  newest: '« Neueste',
  newer: '‹ Neuere',
  older: 'Ältere ›',
  noSubject: '(kein Betreff)',
  arrived: JSON.stringify({ one: '# neuer Artikel', other: '# neue Artikel' }),
  changed: 'Neue Artikel',
  feedOf: name => `Atom-Feed von ${name}`,
  feedOfThread: 'Atom-Feed dieses Themas',
  feedOfSearch: 'Atom-Feed dieser Suche',
}
