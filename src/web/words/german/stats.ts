/** German: see the English. */
import type { Words } from '../english.ts'

export const stats: Words['stats'] = {
  heading: 'Statistik',
  summary: (articles, size) => `Seit Beginn der Zählung eingetroffen: ${articles}, ${size}.`,
  what: 'Im Ganzen zählt ein Artikel einmal, in der Liste der Gruppen einmal in jeder seiner Gruppen. Was seitdem entfernt wurde, bleibt gezählt; Steuernachrichten zählen nicht.',
  allGroups: 'In diesen Zahlen sind alle Newsgroups dieses Servers, auch die, die Ihnen nicht offenstehen.',
  late: articles => `${articles} sind noch zu zählen.`,
  table: 'Als Tabelle',
  name: 'Was',
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
    growth: 'Eingetroffene Artikel insgesamt, nach Monaten',
    size: 'Größe aller eingetroffenen Artikel, nach Monaten',
    threads: 'Themen nach der Zahl ihrer Artikel',
    hours: 'Artikel nach Tageszeit (UTC)',
    weekdays: 'Artikel nach Wochentag (UTC)',
    delays: 'Vom Schreiben bis zur Ankunft hier, Artikel von Peers',
    groups: 'Gruppen, in denen die meisten Artikel eintrafen',
    posters: 'Wer am meisten schrieb',
  },
  none: { heading: 'Keine Statistik', text: 'Dieser Server zählt nichts.' },
}
