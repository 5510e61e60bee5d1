/** German: see the English. */
import type { Words } from '../english.ts'

export const reset: Words['reset'] = {
  heading: 'Ein neues Passwort',
  text: 'Eine Mail mit einem Link geht an die Mailadresse des Kontos.',
  who: 'Name oder Mailadresse',
  button: 'Mail schicken',
  ask: 'Dieser Server verschickt keine Mail. Bitten Sie seinen Administrator um ein neues Passwort.',
  forgotten: 'Passwort vergessen?',
  sent: {
    heading: 'Sehen Sie in Ihre Mail',
    text: 'Wenn es dazu ein Konto gibt, ist eine Mail unterwegs. Öffnen Sie ihren Link innerhalb eines Tages.',
  },
  for: name => `Für das Konto ${name}. Mit dem alten Passwort enden alle seine Sitzungen.`,
  done: 'Das neue Passwort ist gespeichert. Melden Sie sich damit an.',
  spent: {
    heading: 'Dieser Link gilt nicht mehr',
    text: 'Er wurde schon benutzt, ist älter als ein Tag, oder das Passwort wurde inzwischen geändert.',
  },
}
