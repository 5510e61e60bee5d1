/** German: see the English. */
import type { Words } from '../english.ts'

export const trouble: Words['trouble'] = {
  toGroups: 'Zur Liste der Newsgroups',
  toThread: 'Zurück zum Thema',
  toGroup: name => `Zurück zu ${name}`,
  openById: 'Einen Artikel nach seiner Message-ID öffnen',
  open: 'Öffnen',
  pattern: { heading: 'Kein Muster', text: 'Gefragt wurde nach etwas, das kein Muster für Newsgroups ist.' },
  tooManyStreams: {
    heading: 'Zu viele auf einmal',
    text: 'Von Ihrer Adresse werden so viele Seiten live verfolgt, wie dieser Server erlaubt.',
  },
  crowded: {
    heading: 'Zu viele auf einmal',
    text: 'Für Ihre Adresse wird gerade an so vielen Seiten gearbeitet, wie dieser Server erlaubt. Versuchen Sie es gleich noch einmal.',
  },
  page: { heading: 'Keine solche Seite', text: 'Unter dieser Adresse ist nichts.' },
  group: { heading: 'Keine solche Newsgroup', text: 'Dieser Server führt keine Newsgroup dieses Namens.' },
  hierarchy: { heading: 'Keine solche Hierarchie', text: 'Hier gibt es keine Newsgroup, die so anfängt.' },
  thread: {
    heading: 'Kein Thema',
    text: 'Der Artikel wird in keinem Thema gezeigt: Er ist älter als die Artikel seiner Gruppe, bei denen das so ist, oder gerade verschwunden.',
  },
  article: {
    heading: 'Kein solcher Artikel',
    text: 'Dieser Server hat keinen Artikel mit dieser Message-ID: Er ist abgelaufen, wurde zurückgezogen oder kam nie hier an.',
  },
  itsThread: 'Nach Artikeln suchen, die darauf antworten',
  parent: {
    heading: 'Kein solcher Artikel',
    text: 'Der Artikel, auf den Sie antworten wollen, ist nicht hier.',
  },
  file: { heading: 'Keine solche Datei', text: 'Der Artikel hat keine Datei mit dieser Nummer.' },
  foreignHost: {
    heading: 'Nicht dieser Server',
    text: 'Dieser Server antwortet nicht auf den Namen in der Adresse.',
  },
  foreignForm: {
    heading: 'Nichts geschehen',
    text: 'Das Formular kam von einer anderen Website, darum wurde nichts damit gemacht.',
  },
  oldForm: {
    heading: 'Nichts geschehen',
    text: 'Das Formular wurde diesem Browser nicht gezeigt, oder vor zu langer Zeit. Gehen Sie zurück, laden Sie die Seite neu und versuchen Sie es noch einmal.',
  },
  notAForm: {
    heading: 'Nichts geschehen',
    text: 'Diese Adresse nimmt nur das Formular an, das sie zeigt.',
  },
  tooLarge: { heading: 'Nichts geschehen', text: 'Der Text ist größer, als dieser Server annimmt.' },
  wrongMethod: { heading: 'Nicht möglich', text: 'Diese Adresse kann nur gelesen werden.' },
  fault: {
    heading: 'Etwas ging schief',
    text: 'Der Fehler liegt bei diesem Server und steht in seinem Protokoll.',
  },
  manyForms: {
    heading: 'Zu viel auf einmal',
    text: 'Gerade schicken andere lange Texte ab. Schicken Sie Ihren in einer Minute noch einmal.',
  },
  notYet: {
    heading: 'Noch nicht',
    text: 'Dieser Server legt sein Verzeichnis neu an. Versuchen Sie es gleich noch einmal.',
  },
  stuck: {
    heading: 'Nicht gespeichert',
    text: 'Dieser Server kann gerade nicht auf seine Platte schreiben; dies ist also nicht gespeichert, oder erst, wenn er es wieder kann. Gehen Sie zurück und versuchen Sie es in einigen Minuten noch einmal; wer ihn verwaltet, findet die Ursache in seinem Protokoll.',
  },
  nobody: why => ({ heading: 'Unbekannt, wer fragt', text: why }),
  noRight: { heading: 'Nicht für Sie', text: 'Ihr Konto darf das nicht.' },
}
