/** German: see the English. */
import type { Words } from '../english.ts'

export const keys: Words['keys'] = {
  heading: 'Tastenkürzel',
  close: 'Schließen',
  enter: 'Eingabe',
  space: 'Leertaste',
  nextPrevious: 'Nächster und voriger Eintrag einer Liste oder eines Themas',
  open: 'Öffnen, was markiert ist',
  readOn: 'Weiterlesen, am Ende eines Artikels zum nächsten ungelesenen',
  write: 'Neuer Artikel',
  reply: 'Antworten, antworten mit Zitat',
  unread: 'Als ungelesen markieren',
  save: 'Den Artikel merken, oder nicht mehr',
  catchUp: 'Die Liste bis hier als gelesen markieren',
  mute: 'Das Thema ignorieren',
  fold: 'Alle Zitate ein- oder ausklappen',
  foldQuotes: 'Zitate ein- oder ausklappen',
  search: 'Suchen oder eine Liste filtern',
  index: 'Alle Newsgroups',
  help: 'Diese Liste',
  settings: 'Während Sie tippen, gelten sie nie. In den Einstellungen lassen sie sich abschalten.',
}
