/** An article as an entry of a mailbox. RFC 4155, of the mboxrd kind, so that the reader gets every line back as it was. */

/** `text` has LF line ends; `time` in seconds since 1970. */
export function mboxEntry(text: Buffer, time: number): Buffer {
  return Buffer.concat([
    Buffer.from(`From tidings@localhost ${asctime(time)}\n`),
    quoted(text),
    Buffer.from(text.at(-1) === lf ? '\n' : '\n\n'),
  ])
}

/** `Thu Apr 15 12:00:00 1993` in UTC. */
function asctime(seconds: number): string {
  const [day, date, month, year, time] = new Date(seconds * 1000).toUTCString().replace(',', '').split(' ')
  return `${day} ${month} ${date?.replace(/^0/, ' ')} ${time} ${year}`
}

const from = Buffer.from('From ')
const mark = Buffer.from('>')
const lf = 0x0a
const gt = 0x3e

function quoted(text: Buffer): Buffer {
  const pieces: Buffer[] = []
  let done = 0
  for (let i = text.indexOf(from); i >= 0; i = text.indexOf(from, i + 1)) {
    let start = i
    while (text[start - 1] === gt) start--
    if (start > 0 && text[start - 1] !== lf) continue
    pieces.push(text.subarray(done, start), mark)
    done = start
  }
  return pieces.length === 0 ? text : Buffer.concat([...pieces, text.subarray(done)])
}
