/** German: see the English. */
import type { Words } from '../english.ts'

export const subscriptions: Words['subscriptions'] = {
  heading: 'Abonnements',
  forVisitor:
    'Sie sind nicht angemeldet: Das steht nur in einem Cookie dieses Browsers, der Platz für die zuletzt gelesenen Gruppen hat.',
  markAll: 'Alle als gelesen markieren',
  byPattern: 'Nach Muster',
  patterns: 'Gruppen, auch künftige',
  patternsHint:
    'Etwa comp.lang.*,!comp.lang.perl.* – das letzte Muster, das passt, entscheidet, und ! nimmt aus. Eine Gruppe, die Sie mit ihrem eigenen Knopf abonniert oder abbestellt haben, geht ihren eigenen Weg.',
  badPatterns:
    'Das ist keine Liste von Mustern: keine Leerzeichen darin, keine Klammern, nichts Leeres zwischen Kommas.',
  save: 'Speichern',
  saved: 'Gespeichert.',
  newsrc: 'Aus einem Newsreader',
  newsrcText: 'Der Text einer .newsrc',
  newsrcHint: 'Was sie gelesen nennt, kommt zu dem hinzu, was Sie hier gelesen haben.',
  numbers: 'Auch die Nummern der Artikel: Die Datei ist von diesem Server, nicht von einem anderen',
  opml: 'Aus einem Feedreader',
  opmlText: 'Der Text einer OPML-Datei',
  opmlHint: 'Feeds von Newsgroups werden Abonnements; andere werden übergangen.',
  take: 'Übernehmen',
  taken: groups => `${groups} übernommen.`,
  absent: groups => `${groups} übergangen, weil dieser Server sie nicht hat.`,
  odd: lines => `${lines} nicht lesbar.`,
  saveNewsrc: 'Als .newsrc speichern',
  saveOpml: 'Als OPML speichern, mit einem Feed je Gruppe',
}
