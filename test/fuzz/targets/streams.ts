/** What comes in pieces: lines and blocks, commands, frames of the control socket and of the journal. */
import { createHash } from 'node:crypto'
import { isIP } from 'node:net'
import { duplexPair } from 'node:stream'
import { constants, deflateRawSync } from 'node:zlib'
import { DeflateFault, deflateOver } from '../../../src/deflate.ts'
import { parseCommandLine } from '../../../src/server/command-line.ts'
import { commandTable } from '../../../src/server/commands.ts'
import { FrameReader as ControlReader, FrameFault } from '../../../src/server/control/control-frames.ts'
import { parseProxyHeader } from '../../../src/server/proxy-header.ts'
import type { DiskFile } from '../../../src/storage/disk/disk.ts'
import { FrameEncoder, readRecords } from '../../../src/storage/journal/frame.ts'
import { FrameReader } from '../../../src/storage/journal/frame-reader.ts'
import { type WireEvent, WireReader } from '../../../src/wire-reader.ts'
import { always, octets, type Target, whole } from '../target.ts'

const table = commandTable()
const names = table.rows.map(({ name }) => name)
const article =
  'Path: a!b\r\nFrom: a@b\r\nNewsgroups: a.b\r\nSubject: s\r\nMessage-ID: <a@b>\r\n\r\n..x\r\n.\r\n'
const wireLimits = { line: 512, block: 4096 }

function shown(event: WireEvent): string {
  switch (event.type) {
    case 'line':
      always(event.line.length <= wireLimits.line - 2, 'a line is within its limit')
      return `line ${event.line.toString('latin1')}`
    case 'block':
      always(event.block.length <= wireLimits.block, 'a block is within its limit')
      return `block ${event.block.toString('latin1')}`
    case 'bad line':
      return event.fault === 'bad octet' ? 'bad octet' : `too long ${event.start.toString('latin1')}`
    case 'bad block':
      return `bad block ${event.fault}`
  }
}

const wire: Target = {
  name: 'wire',
  seeds: [
    octets(`DATE\r\nPOST\r\n${article}QUIT\r\n`),
    octets(`TAKETHIS <a@b>\r\n${article}TAKETHIS <c@d>\r\n${article}`),
    octets(`POST\r\n${'x'.repeat(4090)}\r\n.\r\nDATE\r\n`),
    octets(`${'x'.repeat(509)}\r\n${'y'.repeat(510)}\r\n${'z'.repeat(511)}\r\n`),
  ],
  words: ['POST\r\n', '\r\n.\r\n', '\n.\n', '\r.\r', '\r\n.', '.\r\n', '\r\r\n', 'TAKETHIS <a@b>\r\n'],
  run(pieces) {
    const reader = new WireReader(wireLimits)
    const events: string[] = []
    for (const piece of pieces) {
      reader.push(piece)
      for (let event = reader.next(); event !== undefined; event = reader.next()) {
        const text = shown(event)
        if (/^line (?:POST|TAKETHIS)/.test(text)) reader.expectBlock()
        events.push(text)
      }
      always(reader.buffered <= wireLimits.block + wireLimits.line + 3, 'little is kept')
    }
    return `${events.join('\0')}\0${reader.buffered}`
  },
}

const command: Target = {
  name: 'command',
  seeds: [
    'GROUP misc.test',
    'LIST ACTIVE comp.*,!comp.x',
    'over 1-200',
    'XPAT subject 1-9 *[a-z]*',
    'NEWNEWS * 20260101 000000 GMT',
    'AUTHINFO USER a b c',
    'TAKETHIS <a@b>',
    `STAT <${'a'.repeat(400)}@b>`,
  ].map(octets),
  words: [
    ...names,
    ' ',
    '\t',
    '  ',
    '<a@b>',
    '1-',
    '99999999999999999999',
    '__proto__',
    'constructor',
    '\xc3\xa9',
  ],
  run(pieces) {
    const line = whole(pieces)
    const { row, args, refusal } = parseCommandLine(line, table)
    if (row !== undefined && refusal === undefined) {
      const [least, most] = row.args
      always(args.length >= least && args.length <= most, 'as many arguments as the row says')
    }
    always(refusal === undefined || /^[\x20-\x7e]{0,500}$/.test(refusal.text ?? ''), 'a refusal is one line')
    return JSON.stringify([row?.name, args, refusal?.code])
  },
}

const hello = Buffer.concat([octets('IPC'), framed({ t: 0, d: { compress: false, id: null } })])

/** A frame as net-ipc writes it. */
function framed(value: unknown): Buffer {
  const json = Buffer.from(JSON.stringify(value))
  const digits = [(json.length & 127) + 128]
  for (let rest = json.length >> 7; rest > 0; rest >>= 7) digits.unshift(rest & 127)
  return Buffer.concat([Buffer.from(digits), json])
}

const control: Target = {
  name: 'control',
  seeds: [
    Buffer.concat([hello, framed({ t: 1, d: { a: 'b'.repeat(300) } })]),
    Buffer.concat([hello, framed({ t: 1, d: [] }), framed({ t: 6 })]),
    hello,
  ],
  words: ['IPC', '\x82{}', '{"t":1,"d":{}}', '__proto__', '\x7f\x7f\x7f\xff', '"', '\\u0000'],
  run(pieces) {
    const reader = new ControlReader()
    const passed: Buffer[] = []
    try {
      for (const piece of pieces) passed.push(...reader.push(piece))
    } catch (error) {
      if (!(error instanceof FrameFault)) throw error
      // What passed before it depends on the pieces; that nothing passes behind it does not.
      return `fault ${error.message}`
    }
    return whole(passed).toString('latin1')
  },
}

const proxyStart = octets('\r\n\r\n\0\r\nQUIT\n')
const proxyEnds = Buffer.from('c0000201c63364011f900233', 'hex')

const proxy: Target = {
  name: 'proxy',
  seeds: [
    octets('PROXY TCP4 192.0.2.1 198.51.100.1 8080 563\r\nDATE\r\n'),
    octets('PROXY TCP6 2001:DB8::1 ::1 0 65535\r\nPROXY UNKNOWN\r\n'),
    octets('PROXY UNKNOWN x y\r\n'),
    Buffer.concat([proxyStart, octets('\x21\x11\0\x0f'), proxyEnds, octets('\x04\0\0DATE\r\n')]),
    Buffer.concat([proxyStart, octets('\x21\x21\0\x24'), Buffer.alloc(36, 0x20)]),
    Buffer.concat([proxyStart, octets('\x20\0\0\0')]),
  ],
  words: [
    'PROXY TCP4 ',
    'PROXY TCP6 ',
    'UNKNOWN',
    '\r\n',
    ' ',
    '::ffff:127.0.0.1',
    '::',
    '%eth0',
    '0',
    '65536',
    proxyStart.toString('latin1'),
    '\x21\x11\0\x0c',
    '\x21\x21\xff\xff',
  ],
  run(pieces) {
    let head = Buffer.alloc(0)
    for (const piece of pieces) {
      head = Buffer.concat([head, piece])
      const header = parseProxyHeader(head)
      if (header.kind === 'incomplete') continue
      if (header.kind === 'malformed') return header.why
      always(header.length <= head.length, 'a header is there before it is whole')
      always(header.address === undefined || isIP(header.address) !== 0, 'who is told of is an address')
      return `${header.length} ${header.address}`
    }
    always(head.length < 5000, 'what is too long is not waited for')
    return 'incomplete'
  },
}

class OctetFile implements DiskFile {
  readonly #octets: Buffer

  constructor(content: Buffer) {
    this.#octets = content
  }

  async read(position: number, length: number): Promise<Buffer> {
    return this.#octets.subarray(position, position + length)
  }

  async size(): Promise<number> {
    return this.#octets.length
  }

  async append(): Promise<void> {}
  async sync(): Promise<void> {}
  async truncate(): Promise<void> {}
  async close(): Promise<void> {}
}

const key = octets('key')
const encoded = () => {
  const encoder = new FrameEncoder()
  const record = [
    { database: 'index', key, value: octets('value') },
    { database: 'state', key, value: undefined },
  ] as const
  const copy = (chunks: readonly Buffer[]) => Buffer.from(Buffer.concat([...chunks]))
  return [copy(encoder.records(7, [record, record])), copy(encoder.checkpoint(9, 8))]
}

const journal: Target = {
  name: 'journal',
  seeds: [...encoded(), Buffer.concat([...encoded(), ...encoded()])],
  words: [
    '\x00TJ\r\x00\n\xf7\x01',
    '\x00\x00\x00\x01',
    '\xff\xff\xff\xff',
    '\x00\x00\x00\x00\x00\x00\x00\x07',
  ],
  async run(pieces) {
    const content = whole(pieces)
    const reader = new FrameReader(new OctetFile(content), content.length)
    const told: unknown[] = [await reader.findLater(0, 7)]
    for (let at = 0; ; ) {
      const frame = await reader.read(at)
      if (frame === undefined) break
      told.push([frame.header.kind, frame.end])
      at = frame.end
    }
    try {
      told.push(readRecords(content, { kind: 'records', length: 0, first: 1, last: 3, checksum: 0 }).length)
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      told.push(error.name)
    }
    return JSON.stringify(told)
  },
}

const deflate: Target = {
  name: 'deflate',
  seeds: ['DATE\r\n', article, 'x'.repeat(20_000)].flatMap(text => [
    deflateRawSync(octets(text)),
    deflateRawSync(octets(text), { finishFlush: constants.Z_SYNC_FLUSH }),
  ]),
  words: ['\x00\x00\xff\xff', '\x03\x00', '\x01\x05\x00\xfa\xffhello', '\x78\x9c', '\xed\xc1\x01'],
  async run(pieces) {
    const [near, far] = duplexPair()
    const stream = deflateOver(far)
    const hash = createHash('sha256')
    const over = new Promise<string>((resolve, reject) => {
      stream.on('error', error => (error instanceof DeflateFault ? resolve('fault') : reject(error)))
      stream.on('close', () => resolve('closed'))
      stream.on('end', () => resolve('end'))
    })
    stream.on('data', (chunk: Buffer) => hash.update(chunk))
    for (const piece of pieces) near.write(piece)
    near.end()
    const ended = await over
    stream.destroy()
    near.destroy()
    // What came before a fault depends on the pieces.
    return ended === 'fault' ? ended : `${ended} ${hash.digest('hex')}`
  },
}

export const streamTargets: readonly Target[] = [wire, command, control, proxy, journal, deflate]
