/** German: see the English. */
import type { Words } from '../english.ts'

export const invites: Words['invites'] = {
  heading: 'Einladungen',
  text: 'Wer den Link einer Einladung öffnet, kann sich hier registrieren; dass Sie eingeladen haben, ist bekannt.',
  guests: 'Für wie viele sie gilt (höchstens 50)',
  days: 'Tage, die sie gilt (höchstens 30)',
  make: 'Einladung anlegen',
  revoke: 'Zurücknehmen',
  wrong: 'Geben Sie an, für wie viele sie gilt, 1 bis 50, und wie viele Tage, 1 bis 30.',
  enough: 'Sie haben zwanzig Einladungen, die gelten. Nehmen Sie zuerst eine zurück.',
  link: link => `Geben Sie diesen Link weiter; er wird nur jetzt gezeigt: ${link}`,
  line: ({ made, ends, came, guests }) => `Angelegt ${made}, endet ${ends}: ${came} von ${guests} kamen.`,
}
