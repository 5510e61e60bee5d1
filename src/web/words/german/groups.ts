/** German: see the English. */
import type { Words } from '../english.ts'

export const groups: Words['groups'] = {
  heading: 'Newsgroups',
  subscribed: 'Abonnierte Gruppen',
  nextUnread: 'Nächster ungelesener',
  filter: 'Nach Name oder Beschreibung filtern',
  show: 'Zeigen',
  found: groups => `${groups} gefunden.`,
  tooMany: 'Nur die ersten sind zu sehen; ein längeres Wort findet weniger.',
  noneFound: 'Keine Newsgroup hat das in ihrem Namen oder ihrer Beschreibung.',
  further: 'Weitere Gruppen ›',
  join: 'Abonnieren',
  leave: 'Abbestellen',
  joinOf: name => `${name} abonnieren`,
  leaveOf: name => `${name} abbestellen`,
  none: 'Hier gibt es noch keine Newsgroup, die Sie lesen dürfen.',
  noArticles: 'Hier sind keine Artikel.',
  moderated: 'moderiert',
  readOnly: 'nur lesen',
  movedTo: name => `umgezogen nach ${name}`,
}
