/** German: see the English. */
import type { Words } from '../english.ts'

export const settings: Words['settings'] = {
  heading: 'Einstellungen',
  reading: 'Lesen',
  language: 'Sprache',
  asBrowser: 'Wie der Browser es sagt',
  theme: 'Aussehen',
  themes: { system: 'Wie das System es sagt', light: 'Hell', dark: 'Dunkel', contrast: 'Hoher Kontrast' },
  shortcuts: 'Tastenkürzel',
  perPage: 'Themen oder Artikel je Seite',
  timeZone: 'Zeitzone',
  timeZoneHint: 'Zum Beispiel Europe/Berlin; leer für UTC.',
  noTimeZone: 'Eine Zeitzone dieses Namens gibt es nicht.',
  name: 'Name in Ihren Artikeln',
  address: 'Mailadresse in Ihren Artikeln',
  addressHint: 'Alle sehen sie. name@example.invalid genügt, wenn Sie keine Mail wollen.',
  noAddress: 'Geben Sie die Adresse als name@example.org an.',
  signature: 'Signatur',
  signatureHint: 'Höchstens 400 Zeichen; sie steht unter jedem Ihrer Artikel.',
  tooLong: 'Das ist zu lang oder enthält ein Zeichen, das in keinem Artikel stehen darf.',
  save: 'Speichern',
  saved: 'Gespeichert.',
  notSaved: 'Nicht gespeichert. Was nicht stimmt, steht unten.',
  forVisitor: 'Sie sind nicht angemeldet: Dies steht nur in einem Cookie dieses Browsers.',
}
