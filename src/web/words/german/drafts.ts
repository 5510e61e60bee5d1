/** German: see the English. */
import type { Words } from '../english.ts'

export const drafts: Words['drafts'] = {
  heading: 'Entwürfe',
  about:
    'Texte, die Sie noch nicht veröffentlicht haben. Sie werden ein Jahr lang aufgehoben, gerechnet von der letzten Änderung.',
  none: 'Es gibt keine Entwürfe.',
  untitled: '(kein Betreff)',
  saved: 'gespeichert',
  remove: 'Löschen',
  save: 'Entwurf speichern',
  kept: 'Der Entwurf ist gespeichert.',
  keptByItself: 'Entwurf gespeichert.',
  notKept: 'Der Entwurf konnte nicht gespeichert werden.',
  full: {
    heading: 'Zu viele Entwürfe',
    text: 'Der Entwurf ist nicht gespeichert: Sie haben so viele, wie aufgehoben werden können. Löschen Sie, was Sie nicht mehr brauchen.',
  },
  large: {
    heading: 'Zu lang für einen Entwurf',
    text: 'Der Entwurf ist nicht gespeichert: Der Text ist länger, als aufgehoben werden kann.',
  },
  gone: {
    heading: 'Kein solcher Entwurf',
    text: 'Sie haben keinen solchen Entwurf: Er ist veröffentlicht oder gelöscht.',
  },
}
