/** German: see the English. */
import type { Words } from '../english.ts'

export const refusals: Words['refusals'] = {
  'article-too-large': 'Der Artikel ist größer, als dieser Server es annimmt. Kürzen Sie den Text.',
  'header-too-large': 'Betreff, Newsgroups und Verweise sind zusammen zu lang.',
  'line-too-long': 'Betreff, Name oder Newsgroups sind zu lang.',
  'bad-from':
    'Der Server nimmt diesen Namen mit dieser Adresse nicht an. Geben Sie die Adresse als name@example.org an.',
  'bad-newsgroups': about => `Das ist keine Newsgroup, in die ein Artikel gehen kann: ${about}.`,
  'bad-followup-to': 'Der Server nimmt diese Newsgroups nicht als Ziel von Antworten.',
  duplicate: 'Der Server hat schon einen anderen Artikel mit dieser Message-ID. Schicken Sie noch einmal ab.',
  'too-many-groups': 'Der Artikel nennt zu viele Newsgroups.',
  'private-crosspost': about =>
    `${about} bleibt auf diesem Server: Ein Artikel dorthin kann in keine andere Newsgroup gehen.`,
  'no-valid-newsgroup': about => `Dieser Server hat keine dieser Newsgroups: ${about}.`,
  'posting-forbidden': about => `Sie dürfen in ${about} nicht schreiben.`,
  'group-closed': about => `In ${about} kann hier niemand schreiben.`,
  'group-renamed': about => `Die Newsgroup heißt jetzt anders: ${about}.`,
  'no-moderator': about =>
    `${about} ist moderiert, und dieser Server weiß nicht, von wem. Der Administrator kann es ihm sagen.`,
  'newsgroup-full': 'Die Newsgroup hat keine Nummern mehr für Artikel. Der Administrator kann helfen.',
  'control-forbidden': 'Sie dürfen keine Steuernachrichten schicken.',
  'not-author':
    'Es ist nicht bekannt, dass der Artikel von Ihnen ist. Sie können ihn weder ändern noch zurückziehen.',
  'bad-target': 'Es ist nicht zu erkennen, welcher Artikel geändert oder zurückgezogen werden soll.',
  cancelled: 'Der Artikel wurde zurückgezogen, bevor der Server ihn angenommen hat.',
  'approved-forbidden': 'Sie dürfen keine Artikel genehmigen.',
  'too-fast': 'Sie haben in kurzer Zeit viel geschrieben. Ihr Text ist noch da: Warten Sie eine Weile.',
  'too-many-held':
    'Zu viele Artikel warten auf einen Administrator. Ihr Text ist noch da: Versuchen Sie es später noch einmal.',
  busy: 'Der Server ist beschäftigt. Ihr Text ist noch da: Versuchen Sie es gleich noch einmal.',
  'no-space':
    'Der Server hat gerade keinen Platz für Artikel. Ihr Text ist noch da: Versuchen Sie es später noch einmal.',
  paused:
    'Der Server nimmt gerade keine Artikel an. Ihr Text ist noch da: Versuchen Sie es später noch einmal.',
  fault:
    'Im Server ist etwas schiefgegangen; sein Administrator findet es im Protokoll. Ihr Text ist noch da.',
}
