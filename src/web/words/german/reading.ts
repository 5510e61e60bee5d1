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
  showHidden: 'Anzeigen',
  nothingUnread: {
    heading: 'Nichts ungelesen',
    text: 'In den Gruppen, die Sie abonniert haben, ist alles gelesen.',
    subscribeFirst:
      'Sie haben noch keine Gruppe abonniert. In der Liste der Gruppen steht neben jeder ein Knopf dafür.',
  },
}
