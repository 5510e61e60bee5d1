/** German: see the English. */
import type { Words } from '../english.ts'

export const article: Words['article'] = {
  reply: 'Antworten',
  parent: 'Vorgänger',
  allHeaders: 'Alle Kopfzeilen',
  identifiers: 'Message-ID und References',
  fewerHeaders: 'Weniger Kopfzeilen',
  rot13: 'ROT13',
  plain: 'Klartext',
  raw: 'Quelltext',
  older: '‹ Älterer',
  newer: 'Neuerer ›',
  files: 'Dateien',
  actions: 'Dieser Artikel',
  quoted: lines => `${lines} zitiert`,
  spoiler: lines => `Spoiler: ${lines} verborgen`,
  html: 'Dieser Artikel hat keinen einfachen Text: Es folgen die Wörter seines HTML.',
  parts: 'Teile des Textes',
  part: part => `Teil ${part}`,
  piece: (number, of) => `nur Teil ${number} von ${of} dieser Datei`,
}
