/** German: see the English. */
import type { Words } from '../english.ts'

export const problems: Words['problems'] = {
  'one-line': 'Das muss eine einzige Zeile ohne Steuerzeichen sein.',
  'long-name': most => `Ein Name darf höchstens ${most} Zeichen haben.`,
  'no-address':
    'Geben Sie eine Mailadresse an; name@example.invalid genügt, wenn Sie keine Post bekommen wollen.',
  'bad-address': 'Geben Sie die Adresse als name@example.org an.',
  'no-groups': 'Nennen Sie die Newsgroup, in der der Artikel erscheinen soll.',
  'bad-groups': 'Geben Sie Newsgroups als de.comp.lang.c an, mit Kommas dazwischen.',
  'many-groups': 'Das sind zu viele Newsgroups.',
  'more-groups': most => `Ein Artikel darf hier in höchstens ${most} Newsgroups gehen.`,
  'unknown-groups': groups => `Dieser Server hat keine dieser Newsgroups: ${groups}.`,
  'closed-groups': groups => `In ${groups} kann hier niemand schreiben.`,
  'renamed-group': groups => `Diese Newsgroup heißt jetzt anders: ${groups}.`,
  'forbidden-groups': groups => `Sie dürfen in ${groups} nicht schreiben.`,
  'bad-followup':
    'Nennen Sie eine oder mehrere der Newsgroups von oben, oder nur „poster“ für Antworten per Mail.',
  'no-followup': most =>
    `Ein Artikel in mehr als ${most} Newsgroups muss sagen, wo es weitergeht: in einer davon, oder „poster“.`,
  'no-subject': 'Geben Sie einen Betreff an.',
  'long-subject': most => `Ein Betreff darf höchstens ${most} Zeichen haben.`,
  'command-subject': 'Ein Betreff darf nicht mit „cmsg“ beginnen: Alte Server halten das für einen Befehl.',
  'no-body': 'Schreiben Sie einen Text.',
  'bad-body': 'Der Text enthält ein Zeichen, das kein Artikel haben darf.',
  'bad-name': 'Das Formular ist beschädigt. Öffnen Sie es neu.',
}
