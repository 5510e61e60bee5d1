/** German: see the English. */
import type { Words } from '../english.ts'

export const post: Words['post'] = {
  newArticle: 'Neuer Artikel',
  reply: 'Antwort',
  name: 'Ihr Name (freiwillig)',
  address: 'Ihre Mailadresse',
  newsgroups: 'Newsgroups',
  subject: 'Betreff',
  body: 'Text',
  hint: 'Was Sie schreiben, ist öffentlich, geht an andere Server und lässt sich nicht sicher zurückholen.',
  send: 'Abschicken',
  wrote: author => `${author} schrieb:`,
  byMail: 'Der Autor bittet um Antworten per Mail, nicht in der Newsgroup.',
  oldForm:
    'Dieses Formular wurde diesem Browser nicht gezeigt, oder vor zu langer Zeit. Ihr Text ist noch da: schicken Sie ihn noch einmal ab.',
  incomplete: 'Der Artikel wurde nicht veröffentlicht. Unten steht, was fehlt.',
  refused: reason => `Der Artikel wurde nicht veröffentlicht. Der Server sagt: ${reason}.`,
  later: reason => `Der Artikel wurde noch nicht veröffentlicht, später geht es. Der Server sagt: ${reason}.`,
  sentBefore:
    'Dieses Formular wurde schon mit einem anderen Text abgeschickt. Um auch diesen zu veröffentlichen, schicken Sie ihn noch einmal ab.',
  theArticle: 'Der veröffentlichte Artikel',
  held: {
    heading: 'Wartet auf Freigabe',
    text: 'Ihr Artikel ist aufgehoben und erscheint in der Newsgroup, sobald ein Verwalter ihn freigegeben hat.',
  },
  mailed: {
    heading: 'An den Moderator geschickt',
    text: 'Die Newsgroup ist moderiert: Ihr Artikel erscheint dort, sobald der Moderator ihn genehmigt hat.',
  },
}
