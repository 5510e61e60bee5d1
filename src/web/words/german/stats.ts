/** German: see the English. */
import type { Words } from '../english.ts'

export const stats: Words['stats'] = {
  heading: 'Statistik',
  summary: (articles, size) => `${articles} gezählt, ${size}.`,
  late: articles => `${articles} sind noch zu zählen.`,
  table: 'Als Tabelle',
  what: 'Was',
  count: 'Artikel',
  counted: { articles: 'Artikel', octets: 'Größe', threads: 'Themen' },
  from: 'Von',
  to: 'Nach',
  flow: 'Wege der Artikel zu diesem Server',
  longer: 'länger',
  fromOn: low => `${low} oder mehr`,
  upTo: span => `bis ${span}`,
  titles: {
    days: 'Artikel am Tag',
    growth: 'Artikel insgesamt, nach Monaten',
    size: 'Größe aller Artikel, nach Monaten',
    threads: 'Themen nach der Zahl ihrer Artikel',
    hours: 'Artikel nach Tageszeit (UTC)',
    weekdays: 'Artikel nach Wochentag (UTC)',
    delays: 'Vom Schreiben bis zur Ankunft hier, Artikel von Peers',
    groups: 'Gruppen mit den meisten Artikeln',
    posters: 'Wer am meisten schrieb',
  },
  none: { heading: 'Keine Statistik', text: 'Dieser Server zählt nichts.' },
}
