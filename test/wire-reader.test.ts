import { expect } from 'chai'
import fc from 'fast-check'
import { scanBlock, stuff, terminator } from '../src/wire.ts'
import { type WireEvent, type WireLimits, WireReader } from '../src/wire-reader.ts'

const octets = (text: string) => Buffer.from(text, 'latin1')
const small: WireLimits = { line: 16, block: 24 }

/** `line DATE`, `block ...`: an event as one string. */
function shown(event: WireEvent): string {
  if (event.type === 'line') return `line ${event.line.toString('latin1')}`
  if (event.type === 'block') return `block ${event.block.toString('latin1')}`
  const start =
    event.type === 'bad line' && event.fault === 'too long' ? `: ${event.start.toString('latin1')}` : ''
  return `${event.type} ${event.fault}${start}`
}

/** Plays chunks; a block is expected behind the line `POST`. */
function played(chunks: readonly Buffer[], limits = small): string[] {
  const reader = new WireReader(limits)
  const events: string[] = []
  for (const chunk of chunks) {
    reader.push(chunk)
    for (let event = reader.next(); event !== undefined; event = reader.next()) {
      events.push(shown(event))
      if (events.at(-1) === 'line POST') reader.expectBlock()
    }
  }
  return events
}

/** Whole, octet by octet, and split in two and in three at every place. */
function everySplit(input: Buffer): Buffer[][] {
  const splits = [[input], Array.from(input, (_, i) => input.subarray(i, i + 1))]
  for (let i = 1; i < input.length; i++) {
    splits.push([input.subarray(0, i), input.subarray(i)])
    splits.push([input.subarray(0, i), input.subarray(i, i + 2), input.subarray(i + 2)])
  }
  return splits
}

/** Octets in which everything that matters is frequent. */
const nasty = fc
  .array(fc.constantFrom('\r\n', '\r\n.', '\r', '\n', '.', '\0', 'a', ' b', '\xff', 'long enough'), {
    maxLength: 24,
  })
  .map(parts => octets(parts.join('')))

const dialogues: readonly [name: string, input: string, events: readonly string[]][] = [
  ['lines', 'DATE\r\n\r\nQUIT\r\n', ['line DATE', 'line ', 'line QUIT']],
  ['an unfinished line', 'DATE\r\nQUI', ['line DATE']],
  ['a line ends at CRLF only', 'DATE\nQUIT\r\nHELP\r\n', ['bad line bad octet', 'line HELP']],
  ['bare CR', 'DA\rTE\r\nHELP\r\n', ['bad line bad octet', 'line HELP']],
  ['CR CR LF', 'DATE\r\r\nHELP\r\n', ['bad line bad octet', 'line HELP']],
  ['NUL', 'DA\0TE\r\nHELP\r\n', ['bad line bad octet', 'line HELP']],
  ['a bare LF is told before the line ends', 'DATE\n', ['bad line bad octet']],
  ['8-bit octets', 'x\xff\xfe\r\n', ['line x\xff\xfe']],
  ['a line of exactly the limit', '12345678901234\r\n', ['line 12345678901234']],
  [
    'a line one over the limit',
    '123456789012345\r\nHELP\r\n',
    ['bad line too long: 123456789012345\r', 'line HELP'],
  ],
  [
    'a line two over the limit',
    '1234567890123456\r\nHELP\r\n',
    ['bad line too long: 1234567890123456', 'line HELP'],
  ],
  [
    'bad octets behind the limit',
    `${'1'.repeat(20)}\n\0\r\nHELP\r\n`,
    [`bad line too long: ${'1'.repeat(16)}`, 'line HELP'],
  ],
  ['a bad octet before the limit', `\0${'1'.repeat(40)}\r\nHELP\r\n`, ['bad line bad octet', 'line HELP']],
  [
    'a block',
    'POST\r\na: b\r\n\r\nc\r\n.\r\nQUIT\r\n',
    ['line POST', 'block a: b\r\n\r\nc\r\n', 'line QUIT'],
  ],
  ['an empty block', 'POST\r\n.\r\nQUIT\r\n', ['line POST', 'block ', 'line QUIT']],
  ['a block of blank lines', 'POST\r\n\r\n\r\n.\r\n', ['line POST', 'block \r\n\r\n']],
  [
    'two blocks',
    'POST\r\na\r\n.\r\nPOST\r\nb\r\n.\r\n',
    ['line POST', 'block a\r\n', 'line POST', 'block b\r\n'],
  ],
  ['stuffed dots stay', 'POST\r\n..\r\n..a\r\n...\r\n.\r\n', ['line POST', 'block ..\r\n..a\r\n...\r\n']],
  ['dots elsewhere', 'POST\r\na.\r\n .\r\nb.c\r\n.\r\n', ['line POST', 'block a.\r\n .\r\nb.c\r\n']],
  [
    'unstuffed dot',
    'POST\r\n.a\r\nb\r\n.\r\nQUIT\r\n',
    ['line POST', 'bad block not-dot-stuffed', 'line QUIT'],
  ],
  [
    'unstuffed dot, blank',
    'POST\r\na\r\n. \r\n.\r\nQUIT\r\n',
    ['line POST', 'bad block not-dot-stuffed', 'line QUIT'],
  ],
  ['bare CR in a block', 'POST\r\na\rb\r\n.\r\nQUIT\r\n', ['line POST', 'bad block bare-cr', 'line QUIT']],
  ['bare LF in a block', 'POST\r\na\nb\r\n.\r\nQUIT\r\n', ['line POST', 'bad block bare-lf', 'line QUIT']],
  ['NUL in a block', 'POST\r\na\0b\r\n.\r\nQUIT\r\n', ['line POST', 'bad block nul', 'line QUIT']],
  ['the first fault counts', 'POST\r\na\0\nb\r\n.c\r\n\r.\r\n.\r\n', ['line POST', 'bad block nul']],
  [
    'a block of exactly the limit',
    `POST\r\n${'a'.repeat(22)}\r\n.\r\n`,
    ['line POST', `block ${'a'.repeat(22)}\r\n`],
  ],
  [
    'a block one over the limit',
    `POST\r\n${'a'.repeat(23)}\r\n.\r\nQUIT\r\n`,
    ['line POST', 'bad block article-too-large', 'line QUIT'],
  ],
  [
    'a fault far behind the limit',
    `POST\r\n${'a'.repeat(40)}\0\r\n.\r\n`,
    ['line POST', 'bad block article-too-large'],
  ],
  ['a fault before the limit', `POST\r\n\0${'a'.repeat(40)}\r\n.\r\n`, ['line POST', 'bad block nul']],
  ['a block without end', 'POST\r\na\r\n.\r', ['line POST']],
]

describe('WireReader', () => {
  for (const [name, input, events] of dialogues) {
    it(`${name}, split anywhere`, () => {
      for (const chunks of everySplit(octets(input))) expect(played(chunks)).to.deep.equal(events)
    })
  }

  it('gives the same events for every chunking of any octets', () => {
    const input = fc.tuple(nasty, nasty, nasty).map(parts => {
      const between = [octets('\r\nPOST\r\n'), octets('\r\n.\r\nPOST\r\n')]
      return Buffer.concat(parts.flatMap((part, i) => [part, between[i] ?? octets('\r\n.\r\n')]))
    })
    const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 20 })
    fc.assert(
      fc.property(input, sizes, (whole, steps) => {
        const chunks: Buffer[] = []
        for (let at = 0, i = 0; at < whole.length; i++) {
          const step = steps[i % steps.length] ?? 1
          chunks.push(whole.subarray(at, at + step))
          at += step
        }
        expect(played(chunks)).to.deep.equal(played([whole]))
      }),
      { numRuns: 1000 },
    )
  })

  it('gives a large block as it came, whatever pieces it comes in', () => {
    const pieces = fc.array(fc.integer({ min: 1, max: 10_000 }), { minLength: 1, maxLength: 20 })
    const body = Buffer.concat(Array.from({ length: 1500 }, (_, line) => octets(`this is line ${line}\r\n`)))
    const whole = Buffer.concat([octets('POST\r\n'), body, octets('.\r\nQUIT\r\n')])
    fc.assert(
      fc.property(pieces, fc.constantFrom(1_000_000, 20_000), (steps, block) => {
        const reader = new WireReader({ line: 512, block })
        const events: WireEvent[] = []
        for (let at = 0, i = 0; at < whole.length; i++) {
          const step = steps[i % steps.length] ?? 1
          reader.push(whole.subarray(at, at + step))
          at += step
          for (let event = reader.next(); event !== undefined; event = reader.next()) {
            events.push(event)
            if (events.length === 1) reader.expectBlock()
          }
        }
        const [, middle, last] = events
        if (block < body.length)
          expect(middle).to.deep.equal({ type: 'bad block', fault: 'article-too-large' })
        else expect(middle?.type === 'block' && middle.block.equals(body)).to.equal(true)
        expect(last?.type === 'line' && last.line.toString()).to.equal('QUIT')
        expect(reader.buffered).to.equal(0)
      }),
      { numRuns: 100 },
    )
  })

  it('finds the end and the faults that a plain search finds', () => {
    fc.assert(
      fc.property(nasty, body => {
        const text = `${body.toString('latin1')}\r\n.\r\n`
        const end = text.startsWith('.\r\n') ? 0 : text.indexOf('\r\n.\r\n') + 2
        const block = text.slice(0, end)
        const faulty = /\0|\r(?!\n)|(?<!\r)\n|(?:^|\r\n)\.(?!\.)/.test(block)
        const [, event] = played([octets(`POST\r\n${text}`)], { line: 512, block: 1000 })
        if (faulty) expect(event).to.match(/^bad block/)
        else expect(event).to.equal(`block ${block}`)
        expect(scanBlock(octets(block)) !== undefined).to.equal(faulty)
      }),
      { numRuns: 1000 },
    )
  })

  const before = ['\n', '\r', '\n\r', '\r\r', '\0', '\r\0\n', '\r\n\0', '\r\n', '\r\r\n']
  const behind = ['\n', '\r', '\n\r', '\r\r', '\n\n', '\r\r\n', '\0\r\n', '\r\0\n', '\r\n']
  const variants = before.flatMap(a => behind.map(b => `${a}.${b}`)).filter(v => !v.includes('\r\n.\r\n'))

  it(`ends a block early at none of ${variants.length} false terminators`, () => {
    expect(variants.length).to.be.at.least(64)
    for (const variant of variants) {
      const input = octets(`POST\r\na${variant}MODE READER\r\nb\r\n.\r\nQUIT\r\n`)
      for (const chunks of everySplit(input)) {
        const [post, block, ...rest] = played(chunks, { line: 512, block: 1000 })
        expect([post, rest], JSON.stringify(variant)).to.deep.equal(['line POST', ['line QUIT']])
        expect(block).to.match(/^bad block (bare-cr|bare-lf|nul|not-dot-stuffed)$/)
      }
    }
  })

  it('takes the block behind a line too long, wherever it is split', () => {
    const input = octets(`POST ${'x'.repeat(20)}\r\nDATE\r\n.\r\nQUIT\r\n`)
    for (const chunks of everySplit(input)) {
      const reader = new WireReader(small)
      const events: string[] = []
      for (const chunk of chunks) {
        reader.push(chunk)
        for (let event = reader.next(); event !== undefined; event = reader.next()) {
          events.push(shown(event))
          if (event.type === 'bad line') reader.expectBlock()
        }
      }
      expect(events).to.deep.equal([
        `bad line too long: POST ${'x'.repeat(11)}`,
        'block DATE\r\n',
        'line QUIT',
      ])
    }
  })

  it('keeps next to nothing of an endless line', () => {
    const reader = new WireReader({ line: 512, block: 1000 })
    const events: string[] = []
    for (let i = 0; i < 1024; i++) {
      reader.push(Buffer.alloc(1024, 'a'))
      for (let event = reader.next(); event !== undefined; event = reader.next()) events.push(shown(event))
      expect(reader.buffered).to.be.within(1, 512)
    }
    expect(events).to.deep.equal([`bad line too long: ${'a'.repeat(512)}`])
    reader.push(octets('\r\nDATE\r\n'))
    expect(reader.next()).to.deep.equal({ type: 'line', line: octets('DATE') })
    expect(reader.buffered).to.equal(0)
  })

  it('keeps no more of a block than its limit', () => {
    const reader = new WireReader({ line: 512, block: 5000 })
    reader.expectBlock()
    for (let i = 0; i < 300; i++) {
      reader.push(Buffer.alloc(1000, 'a'))
      expect(reader.next()).to.equal(undefined)
      expect(reader.buffered).to.be.within(1, 5002)
    }
    reader.push(octets('\r\n.\r\n'))
    expect(reader.next()).to.deep.equal({ type: 'bad block', fault: 'article-too-large' })
    expect(reader.buffered).to.equal(0)
  })

  it('counts what was pushed and not given out', () => {
    const reader = new WireReader(small)
    reader.push(octets('STARTTLS\r\nQU'))
    reader.push(octets('IT\r\n'))
    expect(reader.buffered).to.equal(16)
    reader.next()
    expect(reader.buffered).to.equal(6)
    reader.next()
    expect([reader.buffered, reader.next()]).to.deep.equal([0, undefined])
  })

  it('looks again at the beginning of a block it took for a line', () => {
    const reader = new WireReader(small)
    reader.push(octets('a\r\n.'))
    expect(reader.next()?.type).to.equal('line')
    expect(reader.next()).to.equal(undefined)
    reader.expectBlock()
    reader.push(octets('\r\nQUIT\r\n'))
    expect(reader.next()).to.deep.equal({ type: 'block', block: octets('') })
    expect(reader.next()).to.deep.equal({ type: 'line', line: octets('QUIT') })
  })

  it('copies a block only where it spans chunks', () => {
    const reader = new WireReader({ line: 512, block: 1000 })
    const chunk = octets('abc\r\n.\r\nPOST\r\nde')
    reader.expectBlock()
    reader.push(chunk)
    const one = reader.next()
    if (one?.type === 'block') expect(one.block.buffer).to.equal(chunk.buffer)
    expect(one?.type).to.equal('block')
    reader.next()
    reader.expectBlock()
    reader.next()
    chunk.fill(0)
    reader.push(octets('f\r\n.\r\n'))
    expect(reader.next()).to.deep.equal({ type: 'block', block: octets('def\r\n') })
  })

  it('gives what was stuffed as it went in', () => {
    const lines = fc.array(fc.stringMatching(/^[\x01-\x09\x0b\x0c\x0e-\xff.]{0,8}$/), { maxLength: 8 })
    fc.assert(
      fc.property(lines, list => {
        const body = octets(list.map(line => `${line}\r\n`).join(''))
        const wire = Buffer.concat([octets('POST\r\n'), stuff(body), terminator])
        const [, event] = played([wire], { line: 512, block: 10_000 })
        expect(event).to.equal(`block ${stuff(body).toString('latin1')}`)
      }),
    )
  })
})

describe('WireReader, of large blocks', () => {
  const body = octets('a line\r\n'.repeat(10_000))
  const read = (chunks: readonly Buffer[]) => {
    const reader = new WireReader({ line: 512, block: 1_000_000 })
    reader.expectBlock()
    for (const chunk of chunks) reader.push(chunk)
    const event = reader.next()
    if (event?.type !== 'block') throw new Error('no block')
    expect(event.block.equals(body)).to.equal(true)
    expect(reader.next()).to.deep.equal({ type: 'line', line: octets('QUIT') })
    return event
  }
  const sent = Buffer.concat([body, octets('.\r\nQUIT\r\n')])
  const split = (...at: number[]) =>
    [0, ...at].map((from, index, all) => Buffer.from(sent.subarray(from, all[index + 1])))

  it('gives one that spans chunks room of its own before it, and its end behind it', () => {
    for (const chunks of [
      split(65_536),
      split(10, 65_536),
      split(body.length + 1),
      split(65_536, body.length + 2),
    ]) {
      const { block, around } = read(chunks)
      if (around === undefined) throw new Error('no room')
      expect(around.before).to.equal(1024)
      expect(around.memory.buffer).to.equal(block.buffer)
      expect(around.memory.subarray(1024).toString('latin1')).to.equal(`${body.toString('latin1')}.\r\n`)
      // Nothing else stands in that memory.
      expect(around.memory.length).to.equal(around.memory.buffer.byteLength)
    }
  })

  it('gives none to one that lies in a chunk, which others may lie in too', () => {
    expect(read([sent]).around).to.equal(undefined)
  })
})
