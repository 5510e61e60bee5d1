/** German: see the English. */
import type { Words } from '../english.ts'

export const register: Words['register'] = {
  heading: 'Registrieren',
  name: 'Name',
  nameHint:
    'Zwei bis vierzig kleine Buchstaben und Ziffern, dazwischen Leerzeichen, Punkte und Bindestriche. Damit melden Sie sich an.',
  address: 'Mailadresse',
  addressHint: 'Nur wer diesen Server betreibt, sieht sie.',
  password: 'Passwort',
  passwordHint: 'Mindestens acht Zeichen; am besten einige Wörter, die niemand zusammen erwartet.',
  button: 'Registrieren',
  confirm: 'Konto anlegen',
  incomplete: 'Es gibt noch kein Konto. Was fehlt, steht unten.',
  badName:
    'Das kann hier kein Name sein: zwei bis vierzig kleine Buchstaben und Ziffern einer Schrift, und kein Amt wie admin.',
  badAddress: 'Geben Sie die Adresse als name@example.org an.',
  badPassword: 'Ein Passwort hat keine Steuerzeichen und höchstens 256 Oktette.',
  weakPassword: 'Dieses Passwort ist schwach: Es ist kurz, weithin bekannt oder enthält Ihren Namen.',
  taken: 'Diesen Namen hat schon jemand.',
  later:
    'Das Konto konnte gerade nicht angelegt werden. Warten Sie eine Minute und versuchen Sie es noch einmal.',
  tooMany: 'Es wurden zu viele Mails verlangt. Versuchen Sie es in einer Stunde noch einmal.',
  invitedBy: name => `Sie wurden von ${name} eingeladen.`,
  ways: {
    letter:
      'Sie bekommen eine Mail mit einem Link. Das Konto entsteht, wenn Sie ihn innerhalb eines Tages öffnen.',
    atOnce:
      'Das Konto entsteht sofort: Dieser Server verschickt keine Mail, darum wird die Adresse nicht geprüft.',
  },
  not: {
    closed: 'Hier kann sich niemand registrieren.',
    invitedOnly: 'Hier kann sich nur registrieren, wer eingeladen ist: Öffnen Sie den Link der Einladung.',
    ask: 'Dieser Server verschickt keine Mail, darum kann sich von anderswo niemand registrieren. Bitten Sie seinen Administrator um ein Konto.',
  },
  sent: {
    heading: 'Sehen Sie in Ihre Mail',
    text: 'Wenn die Adresse hier ein Konto haben kann, ist eine Mail an sie unterwegs. Öffnen Sie ihren Link innerhalb eines Tages.',
  },
  sameAgain: 'Das, das Sie beim Registrieren gewählt haben: Das war in einem anderen Browser.',
  lastStep: address => `Ihre Adresse ${address} ist bestätigt. Noch ein Schritt, und das Konto ist angelegt.`,
  spent: {
    heading: 'Dieser Link gilt nicht mehr',
    text: 'Er wurde schon benutzt oder ist älter als ein Tag. Wenn Sie das Konto angelegt haben, melden Sie sich an; wenn nicht, registrieren Sie sich noch einmal.',
  },
  done: { heading: 'Willkommen', text: 'Sie haben ein Konto und sind angemeldet.' },
  unproven: 'Es entstand sofort, weil dieser Server keine Mail verschickt; Ihre Adresse wurde nicht geprüft.',
  strengths: {
    fair: 'Ihr Passwort ist mäßig.',
    good: 'Ihr Passwort ist gut.',
    strong: 'Ihr Passwort ist stark.',
  },
}
