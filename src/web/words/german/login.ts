/** German: see the English. */
import type { Words } from '../english.ts'

export const login: Words['login'] = {
  heading: 'Anmelden',
  name: 'Name',
  password: 'Passwort',
  button: 'Anmelden',
  signOut: 'Abmelden',
  account: 'Ihr Konto',
  signedInAs: name => `Sie sind als ${name} angemeldet.`,
  proveAgain:
    'Diese Seite fragt nach dem Passwort, wenn Sie es zuletzt vor mehr als einer Stunde angegeben haben.',
  needsTls: 'Passwörter werden nur verschlüsselt angenommen: Öffnen Sie diese Seite mit https.',
  refused: 'Name und Passwort passen nicht zusammen, oder das Konto darf sich nicht anmelden.',
  busy: 'In letzter Zeit gab es zu viele vergebliche Versuche. Warten Sie eine Minute und versuchen Sie es noch einmal.',
  oldForm:
    'Dieses Formular wurde diesem Browser nicht gezeigt, oder vor zu langer Zeit. Versuchen Sie es bitte noch einmal.',
}
