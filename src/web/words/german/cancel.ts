/** German: see the English. */
import type { Words } from '../english.ts'

export const cancel: Words['cancel'] = {
  heading: 'Artikel zurückziehen',
  action: 'Zurückziehen',
  edit: 'Ändern',
  about:
    'Der Artikel verschwindet hier, und andere Server werden gebeten, ihn zu entfernen. Wer ihn gelesen hat, hat ihn gelesen, und nicht jeder Server folgt.',
  yes: 'Artikel zurückziehen',
  no: 'Behalten',
  failed: 'Nicht zurückgezogen',
  done: {
    heading: 'Zurückgezogen',
    text: 'Der Artikel ist hier entfernt, und andere Server werden gebeten, ihn zu entfernen.',
  },
  notOwn: {
    heading: 'Nicht Ihr Artikel',
    text: 'Nur wer einen Artikel hier geschrieben hat, unter dem angemeldeten Konto, kann ihn ändern oder zurückziehen; oder er ist schon weg.',
  },
  notEditable: {
    heading: 'Lässt sich hier nicht ändern',
    text: 'Dieser Artikel enthält mehr als reinen Text, und das ginge im Formular verloren. Sie können ihn zurückziehen und einen neuen schreiben.',
  },
}
