/** German: see the English. */
import type { Words } from '../english.ts'

export const threads: Words['threads'] = {
  views: 'Wie die Artikel gezeigt werden',
  asThreads: 'Themen',
  asTree: 'Baum',
  asList: 'Liste',
  unread: 'neu',
  countUnread: count => `${count} neu`,
  others: 'und andere',
  more: articles => `${articles} mehr`,
  since: articles =>
    `Von dieser Gruppe werden die neuesten ${articles} nach Themen gezeigt. In der Liste stehen alle.`,
  summary: (articles, threads) => `${articles} in ${threads}`,
  heading: 'Thema',
  wholeThread: 'Das ganze Thema lesen',
  onOnePage: 'Auf einer Seite',
  mailbox: 'Als Postfach',
  missing: 'Ein Artikel, der nicht hier ist',
  before: '‹ Davor im Thema',
  behind: 'Nächster im Thema ›',
  nextUnread: 'Nächster neuer ›',
  answers: 'als Antwort auf',
  bodies: 'Artikel dieses Themas',
  readOn: 'Der ganze Artikel',
  at: (place, count) => `${place} von ${count}`,
  pageBefore: '‹ Seite davor',
  pageBehind: 'Nächste Seite ›',
}
