/** German: see the English. */
import type { Words } from '../english.ts'

export const lint: Words['lint'] = {
  heading: 'Vor dem Abschicken',
  once: 'Noch ist nichts veröffentlicht. Sehen Sie sich diese Bemerkungen an; wenn der Text bleiben soll, schicken Sie ihn noch einmal ab.',
  why: 'Warum?',
  mend: 'Ändern',
  mended: 'Der Text wurde wie vorgeschlagen geändert. Noch ist nichts veröffentlicht.',
  remarks: {
    'top-posting': {
      says: 'Ihre Antwort steht über dem, worauf sie antwortet.',
      why: 'Man liest von oben nach unten und hat die anderen Artikel nicht zur Hand. Wer die Antwort unter die Zeilen setzt, auf die sie sich bezieht, erspart allen das Zurückblättern.',
    },
    'over-quoting': {
      says: 'Der größte Teil des Textes ist Zitat.',
      why: 'Den ganzen Artikel kann jeder selbst lesen. Ein paar Zeilen genügen, um zu wissen, was gemeint ist, und Ihre eigenen Worte findet man sofort.',
    },
    'nothing-own': {
      says: 'Es steht nichts Eigenes darin.',
      why: 'Ein Artikel aus Zitat und Signatur allein sagt nichts Neues. Vielleicht ist Ihre Antwort verlorengegangen.',
    },
    'not-in-parent': {
      says: 'Diese zitierte Zeile steht nicht in dem Artikel, auf den Sie antworten:',
      why: 'Zitatzeichen sagen, dass jemand genau diese Worte geschrieben hat. Eigene Worte brauchen keine, und Auslassungen zeigt man mit […].',
    },
    'quoted-signature': {
      says: 'Die Signatur des anderen ist mitzitiert.',
      why: 'Eine Signatur steht schon unter jedem Artikel ihres Autors. Zur Sache sagt sie nichts.',
    },
    'old-parent': {
      says: 'Der Artikel, auf den Sie antworten, ist älter als ein Jahr, vom',
      why: 'Der Autor liest vielleicht nicht mehr hier, und viele Server haben den Artikel nicht mehr. Einen neuen Artikel mit kurzer Zusammenfassung verstehen alle.',
    },
    'mail-wanted': {
      says: 'Der Autor hat um Antworten per Mail gebeten, nicht hier.',
      why: 'Wer „Followup-To: poster“ schreibt, sammelt die Antworten und liest die Gruppe oft nicht. Antworten Sie hier nur, was für alle ist.',
    },
    'open-crosspost': {
      says: 'Der Artikel geht in mehrere Newsgroups und sagt nicht, wo es weitergeht.',
      why: 'Sonst geht jede Antwort in alle diese Gruppen, und die einen Leser verpassen die Hälfte der anderen. Ein Followup-To führt sie zusammen.',
    },
    'many-groups': {
      says: 'Der Artikel geht in viele Newsgroups:',
      why: 'Die Leser jeder Gruppe treffen auf Leute, die sie nicht kennen, und auf eine Sache, die nicht ihre ist. Viele filtern solche Artikel aus. Wählen Sie die Gruppe, in die er am besten passt.',
    },
    'changed-subject': {
      says: 'Der Betreff ist ein anderer als der des Artikels, auf den Sie antworten:',
      why: 'Mit „(was: …)“ hinter dem neuen Betreff sieht jeder, wozu er gehört, und Filter auf den alten Betreff wirken weiter.',
    },
    'foreign-reply': {
      says: 'Der Betreff beginnt nicht mit „Re:“, sondern mit',
      why: 'Newsreader kennen nur „Re:“. Mit anderen Wörtern wächst der Betreff mit jeder Antwort.',
    },
    capitals: {
      says: 'Der Betreff steht in Großbuchstaben.',
      why: 'Großbuchstaben wirken wie Schreien und lesen sich schlechter.',
    },
    'stray-test': {
      says: 'Das sieht nach einem Versuch aus und geht in eine Gruppe, die nicht dafür da ist:',
      why: 'Jeder Artikel wird auf viele Server kopiert und von vielen gelesen. Zum Ausprobieren gibt es Gruppen mit „test“ im Namen.',
    },
    markup: {
      says: 'Im Text steht HTML:',
      why: 'Artikel sind reiner Text: Die Auszeichnungen würden so gezeigt, wie sie hier stehen.',
    },
    'long-lines': {
      says: 'Eine Zeile ist länger als der Bildschirm breit und lässt sich nicht von selbst umbrechen:',
      why: 'Eingerückte Zeilen bleiben, wie sie sind, weil sie eine Tabelle oder ein Programm sein können. In vielen Newsreadern sieht man das Ende einer langen nicht.',
    },
    'bare-mark': {
      says: 'Der Zeile über Ihrer Signatur fehlt das Leerzeichen.',
      why: 'Eine Signatur beginnt mit der Zeile „-- “: zwei Striche und ein Leerzeichen. Daran erkennen Newsreader, was nicht zitiert wird.',
    },
    'long-signature': {
      says: 'Die Signatur hat mehr als vier Zeilen:',
      why: 'Sie steht unter jedem Ihrer Artikel. Vier Zeilen sind ein alter Brauch, der Platz lässt für das, worum es geht.',
    },
    'no-attachment': {
      says: 'Der Text spricht von einem Anhang:',
      why: 'Artikel von hier sind reiner Text, und die meisten Newsgroups nehmen nichts anderes. Legen Sie die Datei irgendwo ab und nennen Sie die Adresse.',
    },
  },
}
