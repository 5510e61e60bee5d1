/** German: see the English. */
import type { Words } from '../english.ts'

export const first: Words['first'] = {
  heading: 'Das erste Konto',
  text: 'Dieser Server hat noch keinen Administrator. Das Konto, das Sie hier anlegen, ist es.',
  button: 'Konto anlegen',
  badName:
    'Das kann kein Name sein: Er ist leer, zu lang, oder hat ein Steuerzeichen oder ein Leerzeichen am Rand.',
  spent: {
    heading: 'Dieser Link gilt nicht mehr',
    text: 'Er gilt einmal, und nur bis der Server einen Administrator hat oder neu gestartet wird.',
  },
}
