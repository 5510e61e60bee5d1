/** German: see the English. */
import type { Words } from '../english.ts'

export const account: Words['account'] = {
  heading: 'Ihr Konto',
  password: 'Ihr jetziges Passwort',
  newPassword: 'Neues Passwort',
  wrongPassword: 'Das ist nicht Ihr Passwort.',
  elsewhere: 'Dieses Konto wird anderswo geführt: Dort ändert man sein Passwort.',
  mail: 'Mailadresse',
  noMail: 'Hier steht keine Mailadresse von Ihnen: Ohne sie kann Ihnen niemand ein neues Passwort schicken.',
  mailNow: address => `Ihre Mailadresse ist ${address}.`,
  mailUnproven:
    'Sie ist nicht bestätigt, darum wird kein neues Passwort dorthin geschickt: Speichern Sie sie noch einmal, dann kommt eine Mail mit einem Link.',
  mailSent:
    'Wenn die Adresse hier Ihre sein kann, ist eine Mail dorthin unterwegs. Öffnen Sie ihren Link innerhalb eines Tages.',
  mailWanted: ({ name, address }) => `Das Konto ${name} möchte seine Mail künftig an ${address} bekommen.`,
  confirmMail: 'Adresse bestätigen',
  sessions: 'Sitzungen',
  session: ({ agent, network, begun, seen }) =>
    `${agent}, von ${network}: begonnen ${begun}, zuletzt gesehen ${seen}`,
  thisBrowser: 'dieser Browser',
  endSession: 'Diese Sitzung beenden',
  endAll: 'Überall sonst abmelden',
  export: 'Eine Kopie von allem mitnehmen',
  delete: 'Das Konto löschen',
  deleteText:
    'Das Konto geht mit Einstellungen, Lesemarken, Entwürfen und Sitzungen für immer verloren. Was Sie geschrieben haben, bleibt: Andere Server haben es auch.',
  lastAdministrator: 'Sie sind der einzige Administrator: Machen Sie zuerst jemand anderen dazu.',
  deleted: {
    heading: 'Gelöscht',
    text: 'Das Konto und alles, was dafür aufgehoben wurde, ist weg. Was es geschrieben hat, bleibt.',
  },
}
