/** German: see the English. */
import type { Words } from '../english.ts'

export const post: Words['post'] = {
  newArticle: 'Neuer Artikel',
  reply: 'Antwort',
  edit: 'Artikel ändern',
  name: 'Ihr Name (freiwillig)',
  address: 'Ihre Mailadresse',
  addressHint:
    'Alle sehen sie. Womit Sie zuerst schreiben, wird in den Einstellungen aufgehoben und ist hier von da an schon eingetragen.',
  newsgroups: 'Newsgroups',
  newsgroupsHint: 'Mehrere werden durch Kommas getrennt.',
  followupTo: 'Antworten nach (freiwillig)',
  followupToHint: 'Wo es weitergeht: in einer der Newsgroups, oder „poster“ für Mail an Sie.',
  subject: 'Betreff',
  body: 'Text',
  bodyHint: 'Lange Zeilen werden beim Abschicken umbrochen, so dass jeder Newsreader sie gut zeigt.',
  hint: 'Was Sie schreiben, ist öffentlich, geht an andere Server und lässt sich nicht sicher zurückholen.',
  send: 'Abschicken',
  preview: 'Vorschau',
  previewHeading: 'Vorschau',
  previewHint: 'So wird der Artikel zu lesen sein. Noch ist nichts veröffentlicht.',
  previewHeaders: 'Kopfzeilen',
  wrote: author => `${author} schrieb:`,
  cutHere: '[…]',
  withoutQuotation: 'Ohne Zitat antworten',
  withQuotation: 'Mit Zitat antworten',
  byMail: address =>
    `Der Autor bittet um Antworten per Mail, nicht in der Newsgroup. Die Adresse ist ${address}`,
  moderated: groups =>
    `${groups} ist moderiert: Der Artikel geht zuerst an den Moderator und erscheint, wenn er ihn genehmigt hat.`,
  notHere: groups =>
    `Dieser Server hat ${groups} nicht: Dort erscheint der Artikel nur auf Servern, die sie haben.`,
  perhapsSignedIn: 'Sie sind nicht angemeldet. Mit einem Konto dürfen Sie es vielleicht.',
  signIn: 'Anmelden (in einem neuen Fenster)',
  oldForm:
    'Dieses Formular wurde diesem Browser nicht gezeigt, oder vor zu langer Zeit. Ihr Text ist noch da: Schicken Sie ihn noch einmal ab.',
  sessionOver:
    'Ihre Sitzung ist zu Ende: Sie sind nicht mehr angemeldet. Ihr Text ist noch da: Melden Sie sich in einem neuen Fenster wieder an, und schicken Sie ihn hier noch einmal ab.',
  otherPerson:
    'Sie sind anders angemeldet als am Anfang. Ihr Text ist noch da: melden Sie sich, wenn Sie wollen, in einem anderen Fenster an, und schicken Sie ihn hier noch einmal ab.',
  incomplete: 'Der Artikel wurde nicht veröffentlicht. Das fehlt oder stimmt nicht:',
  refused: reason => `Der Artikel wurde nicht veröffentlicht. ${reason}`,
  refusedFor: reason => `Der Artikel wurde nicht veröffentlicht. Der Server sagt: ${reason}.`,
  tryAgain: span => `Sie können es ${span} noch einmal versuchen.`,
  sentBefore:
    'Dieses Formular wurde schon mit einem anderen Text abgeschickt. Um auch diesen zu veröffentlichen, schicken Sie ihn noch einmal ab.',
  lost: 'Der Artikel, den Sie ändern wollten, ist weg oder nicht Ihrer. Ihr Text ist noch da: Schicken Sie noch einmal ab, um ihn als neuen Artikel zu veröffentlichen.',
  theArticle: 'Der veröffentlichte Artikel (in einem neuen Fenster)',
  held: {
    heading: 'Wartet auf Freigabe',
    text: 'Ihr Artikel ist aufgehoben und erscheint in der Newsgroup, sobald ein Administrator ihn freigegeben hat.',
  },
  mailed: {
    heading: 'An den Moderator geschickt',
    text: 'Die Newsgroup ist moderiert: Ihr Artikel erscheint dort, sobald der Moderator ihn genehmigt hat.',
  },
}
