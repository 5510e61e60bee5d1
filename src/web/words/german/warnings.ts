/** German: see the English. A sentence that is not in the list is shown as it is. */
import type { Words } from '../english.ts'

const sentences: readonly (readonly [RegExp, string])[] = [
  [
    /^running as root: .*/,
    'Das Programm läuft als root: Ein eigener Benutzer begrenzt, was ein Fehler anrichten kann.',
  ],
  [
    /^node\.data is on (tmpfs|ramfs): .*/,
    'node.data liegt auf $1: Der Bestand ist weg, sobald der Rechner anhält.',
  ],
  [
    /^node\.data is on overlay: .*/,
    'node.data liegt auf overlay: Der Bestand verschwindet mit seinem Container. Geben Sie node.data ein Volume.',
  ],
  [
    /^node\.data is on NFS: .*/,
    'node.data liegt auf NFS: Auf dessen Sperren und Schreibzusagen ist kein Verlass.',
  ],
  [
    /^(.*) is open to other users: .*/s,
    '$1 steht anderen Benutzern offen: Mit chmod 700 bleiben private Artikel privat.',
  ],
  [
    /^limits\.connections is (\d+), but (\d+) file descriptors allow for (-?\d+): .*/,
    'limits.connections ist $1, aber $2 Dateideskriptoren reichen nur für $3: Erhöhen Sie „ulimit -n“ oder LimitNOFILE= in der systemd-Unit.',
  ],
  [
    /^the certificate in (.*) expired on (.*): .*/s,
    'Das Zertifikat in $1 ist am $2 abgelaufen: Programme werden es ablehnen.',
  ],
  [
    /^the certificate in (.*) is not valid before (.*): .*/s,
    'Das Zertifikat in $1 gilt erst ab $2: Programme werden es ablehnen.',
  ],
  [/^the certificate in (.*) expires on (.*)/s, 'Das Zertifikat in $1 läuft am $2 ab.'],
  [
    /^expiry and the age limit wait: the clock was moved by (-?\d+) days .*/,
    'Ablauf und Altersgrenze warten: Die Uhr wurde im laufenden Betrieb um $1 Tage verstellt.',
  ],
  [
    /^expiry and the age limit wait: the clock is more than a day away .* in (\d+) hours/,
    'Ablauf und Altersgrenze warten: Die Uhr geht um mehr als einen Tag anders als beim letzten Lauf. Weiter geht es in $1 Stunden.',
  ],
  [
    /^the store is damaged \((.*)\): .*/s,
    'Der Bestand ist beschädigt ($1): Führen Sie „tidings verify --repair“ aus.',
  ],
  [
    /^mail waits since ([\d-]+), for there is no mail server: .*/,
    'Post wartet seit $1, weil es keinen Mailserver gibt: Tragen Sie mail.smtp ein (siehe „tidings mail list“).',
  ],
  [/^mail waits since ([\d-]+): .*/, 'Post wartet seit $1: „tidings mail list“ sagt, warum.'],
  [
    /^No space, .*/,
    'Kein Platz auf dem Datenträger: Es werden keine Artikel angenommen, bis wieder Platz ist.',
  ],
  [/^Busy, .*/, 'Ausgelastet: Gerade werden keine Artikel angenommen.'],
  [/^Not accepting articles now, try again later: (.*)/s, 'Gerade werden keine Artikel angenommen: $1'],
  [/^Not accepting articles now, .*/, 'Gerade werden keine Artikel angenommen.'],
]

export const warnings: Words['warnings'] = {
  told: text => {
    const found = sentences.find(([sentence]) => sentence.test(text))
    return found === undefined ? text : text.replace(...found)
  },
}
