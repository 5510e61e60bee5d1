/** German: see the English. */
import type { Words } from '../english.ts'

export const reading: Words['reading'] = {
  markRead: 'Bis hier gelesen',
  undo: 'Rückgängig',
  caughtUp: groups => `Als gelesen markiert in ${groups}.`,
  unreadIn: group => `Ungelesen in ${group}`,
  further: 'Weiter ›',
  allRead: 'Hier ist alles gelesen.',
  hidden: articles => `${articles} von Ihren Regeln ausgeblendet.`,
  hiddenHere: count => `${count} auf dieser Seite von Ihren Regeln ausgeblendet.`,
  showHidden: 'Anzeigen',
  saved: 'Gemerkte Artikel',
  noneSaved: 'Sie haben sich keinen Artikel gemerkt. Jeder hat einen Knopf dafür.',
  save: 'Merken',
  forget: 'Nicht mehr merken',
  forgetOf: subject => `Nicht mehr merken: ${subject}`,
  tooManySaved: most => ({
    heading: 'Nicht gemerkt',
    text: `Es ist Platz für ${most} Artikel, und nicht mehr.`,
  }),
  markUnread: 'Als ungelesen markieren',
  nothingUnread: {
    heading: 'Nichts ungelesen',
    text: 'In den Gruppen, die Sie abonniert haben, ist alles gelesen.',
    subscribeFirst:
      'Sie haben noch keine Gruppe abonniert. In der Liste der Gruppen steht neben jeder ein Knopf dafür.',
  },
}
