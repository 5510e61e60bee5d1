import { type Duplex, duplexPair } from 'node:stream'
import { constants, createDeflateRaw, deflateRawSync, inflateRawSync } from 'node:zlib'
import { expect } from 'chai'
import fc from 'fast-check'
import { DeflateFault, deflateOver } from '../src/deflate.ts'

/** Our end, and the other with what came there, as octets on the wire. */
function pair() {
  const [below, far] = duplexPair()
  const chunks: Buffer[] = []
  far.on('data', (chunk: Buffer) => chunks.push(chunk))
  far.on('error', () => {})
  return { below, far, wire: () => Buffer.concat(chunks) }
}

/** What the other end can read of an unfinished stream. */
const readable = (wire: Buffer) => inflateRawSync(wire, { finishFlush: constants.Z_SYNC_FLUSH })

/** `octets` as an unfinished stream that can be read to its end. */
const compressed = (octets: Buffer) => deflateRawSync(octets, { finishFlush: constants.Z_SYNC_FLUSH })

const written = (stream: Duplex, octets: Buffer | string) =>
  new Promise<void>(resolve => stream.write(octets, () => resolve()))

/** Resolves with the error that ended the stream, or undefined where none did. */
const closed = (stream: Duplex) =>
  new Promise<Error | undefined>(resolve => {
    let found: Error | undefined
    stream.on('error', error => {
      found = error
    })
    stream.on('close', () => resolve(found))
  })

/** All there is to read; unlike an iterator it leaves the stream open for writing. */
function everything(stream: Duplex): Promise<Buffer> {
  const chunks: Buffer[] = []
  stream.on('data', (chunk: Buffer) => chunks.push(chunk))
  return new Promise((resolve, reject) => {
    stream.once('end', () => resolve(Buffer.concat(chunks)))
    stream.once('error', reject)
  })
}

const turn = () => new Promise(resolve => setImmediate(resolve))

describe('deflate', () => {
  it('sends raw DEFLATE that can be read after each burst', async () => {
    const { below, wire } = pair()
    const stream = deflateOver(below)
    await written(stream, '205 one\r\n')
    expect(readable(wire()).toString()).to.equal('205 one\r\n')
    stream.cork()
    stream.write('a\r\n')
    const last = written(stream, 'b\r\n')
    stream.uncork()
    const before = wire().length
    await last
    expect(readable(wire()).toString()).to.equal('205 one\r\na\r\nb\r\n')
    // A flush ends with an empty stored block: one for the two writes.
    const burst = wire().subarray(before)
    expect(burst.toString('hex').split('0000ffff')).to.have.length(2)
    stream.destroy()
  })

  it('carries any octets both ways, in whatever portions they come', async () => {
    const octets = fc.array(fc.uint8Array({ minLength: 1, maxLength: 40_000 }), { maxLength: 6 })
    await fc.assert(
      fc.asyncProperty(octets, octets, fc.integer({ min: 1, max: 5000 }), async (there, back, size) => {
        const [one, other] = duplexPair({ highWaterMark: size })
        const [near, far] = [deflateOver(one), deflateOver(other)]
        const ends = Promise.all([everything(near), everything(far)])
        for (const chunk of there) near.write(chunk)
        for (const chunk of back) far.write(chunk)
        near.end()
        far.end()
        const [came, went] = await ends
        expect(went.equals(Buffer.concat(there))).to.equal(true)
        expect(came.equals(Buffer.concat(back))).to.equal(true)
      }),
      { numRuns: 25 },
    )
  })

  it('reads octets one by one, and the end wherever it comes', async () => {
    const { below, far } = pair()
    const stream = deflateOver(below)
    for (const octet of compressed(Buffer.from('DATE\r\nQUIT\r\n'))) far.write(Buffer.from([octet]))
    far.end()
    expect((await everything(stream)).toString()).to.equal('DATE\r\nQUIT\r\n')
    stream.destroy()
  })

  it('answers after the other end has closed its side', async () => {
    const { below, far, wire } = pair()
    const stream = deflateOver(below)
    far.end(compressed(Buffer.from('QUIT\r\n')))
    expect((await everything(stream)).toString()).to.equal('QUIT\r\n')
    await written(stream, '205 Bye\r\n')
    expect(readable(wire()).toString()).to.equal('205 Bye\r\n')
    stream.end()
  })

  it('reads what came before it was laid over, where the reader was paused', async () => {
    const { below, far } = pair()
    below.on('data', () => {})
    below.pause()
    below.removeAllListeners('data')
    far.write(compressed(Buffer.from('DATE\r\n')))
    await turn()
    const stream = deflateOver(below)
    const first = await new Promise<Buffer>(resolve => stream.once('data', resolve))
    expect(first.toString()).to.equal('DATE\r\n')
    stream.destroy()
  })

  it('inflates no more than the reader takes', async () => {
    const { below, far } = pair()
    const stream = deflateOver(below)
    const text = Buffer.from(Array.from({ length: 300_000 }, (_, line) => `${line * 7919} `).join(''))
    let taken = 0
    const whole = compressed(text)
    for (let at = 0; at < whole.length; at += 4096) {
      far.write(whole.subarray(at, at + 4096), () => {
        taken++
      })
    }
    // Nobody reads yet: a buffer of ours and those of the streams fill, and no more is taken from the other end.
    for (let wait = 0; wait < 100; wait++) await turn()
    expect(stream.readableLength).to.be.at.most(65_536)
    expect(taken).to.be.lessThan(60)
    far.end()
    expect((await everything(stream)).equals(text)).to.equal(true)
    stream.destroy()
  })

  it('does not report a burst as sent before the stream below has passed it on', async () => {
    const [below, far] = duplexPair({ highWaterMark: 1000 })
    const stream = deflateOver(below)
    const random = Buffer.from(Array.from({ length: 50_000 }, (_, i) => (i * i * 31 + (i >> 3)) & 0xff))
    let sent = false
    stream.write(random, () => {
      sent = true
    })
    for (let wait = 0; wait < 50; wait++) await turn()
    expect(sent).to.equal(false)
    await new Promise<void>(resolve => {
      far.on('data', () => sent && resolve())
      stream.write('x')
    })
    stream.destroy()
  })

  it('cuts off what inflates to more than 200 times itself for more than a mebibyte', async () => {
    const bomb = compressed(Buffer.alloc(64 * 1024 * 1024))
    const { below, far } = pair()
    const stream = deflateOver(below)
    const end = closed(stream)
    let inflated = 0
    stream.on('data', (chunk: Buffer) => {
      inflated += chunk.length
    })
    far.write(bomb)
    expect(await end).to.be.instanceOf(DeflateFault)
    expect(inflated).to.be.within(1024 * 1024, 2 * 1024 * 1024)
    expect(below.destroyed).to.equal(true)
  })

  it('does not let credit for ordinary text be spent on a bomb', async () => {
    const { below, far } = pair()
    const stream = deflateOver(below)
    const end = closed(stream)
    const deflate = createDeflateRaw()
    deflate.pipe(far)
    const ordinary = Buffer.from(Array.from({ length: 400_000 }, (_, line) => `${line * 7919}`).join(' '))
    deflate.write(ordinary)
    deflate.write(Buffer.alloc(64 * 1024 * 1024))
    let inflated = 0
    stream.on('data', (chunk: Buffer) => {
      inflated += chunk.length
    })
    expect(await end).to.be.instanceOf(DeflateFault)
    expect(inflated).to.be.within(ordinary.length, ordinary.length + 3 * 1024 * 1024)
  })

  it('lets an article of one repeated line pass', async () => {
    const { below, far } = pair()
    const stream = deflateOver(below)
    const article = Buffer.from('AAAAAAAAAAAAAAAAAAAA\r\n'.repeat(45_000))
    far.end(compressed(article))
    expect((await everything(stream)).equals(article)).to.equal(true)
    stream.destroy()
  })

  const phrase = Buffer.from('Newsgroups: misc.test\r\n')
  const line = compressed(Buffer.from('DATE\r\n'))
  const finished = deflateRawSync(Buffer.from('DATE\r\n'))
  const damaged: readonly [name: string, octets: Buffer, error: boolean][] = [
    ['octets that are no DEFLATE', Buffer.from('DATE\r\nDATE\r\n\xff\xff', 'latin1'), true],
    ['a zlib header', Buffer.from('789c010203040506', 'hex'), true],
    ['a stream that needs a dictionary', deflateRawSync(phrase, { dictionary: phrase }), true],
    ['garbage behind what was flushed', Buffer.concat([line, Buffer.alloc(40, 0xff)]), true],
    ['garbage behind the end', Buffer.concat([finished, Buffer.from('GARBAGE')]), false],
    ['a second stream behind the end', Buffer.concat([finished, finished]), false],
    ['a stream cut in the middle', line.subarray(0, 4), false],
    ['nothing', Buffer.alloc(0), false],
  ]
  for (const [name, octets, error] of damaged) {
    it(`ends cleanly after ${name}`, async () => {
      const { below, far } = pair()
      const stream = deflateOver(below)
      const end = closed(stream)
      const ended = new Promise(resolve => stream.once('end', resolve))
      let text = ''
      stream.on('data', (chunk: Buffer) => {
        text += chunk
      })
      far.write(octets)
      far.end()
      if (!error) {
        await ended
        stream.destroy()
      }
      const fault = await end
      if (error) expect(fault).to.be.instanceOf(DeflateFault)
      else expect(fault).to.equal(undefined)
      expect('DATE\r\n'.startsWith(text)).to.equal(true)
      expect(below.destroyed).to.equal(true)
    })
  }

  it('ends at the end of a stream that leaves the connection open', async () => {
    const { below, far } = pair()
    const stream = deflateOver(below)
    far.write(finished)
    far.write('more')
    expect((await everything(stream)).toString()).to.equal('DATE\r\n')
    far.write('and more')
    await turn()
    expect(stream.readableLength).to.equal(0)
    stream.destroy()
    expect(below.destroyed).to.equal(true)
  })

  it('goes with the stream below, and takes it along', async () => {
    const { below } = pair()
    const stream = deflateOver(below)
    const end = closed(stream)
    below.destroy(new Error('reset'))
    expect((await end)?.message).to.equal('reset')

    const other = pair()
    const gone = new Promise(resolve => other.below.once('close', resolve))
    const above = deflateOver(other.below)
    above.write('in the middle of something')
    above.destroy()
    await gone
  })

  it('keeps the length of a burst apart from what went before', async () => {
    const secret = 'Subject: the merger with Example Widgets happens on 21 November\r\n'
    const lengthAfter = async (before: string, apart: boolean) => {
      let separate = false
      const { below, wire } = pair()
      const stream = deflateOver(below, { apart: () => separate })
      await written(stream, before)
      separate = apart
      const start = wire().length
      await written(stream, secret)
      const length = wire().length - start
      separate = false
      await written(stream, 'next')
      expect(readable(wire()).toString()).to.equal(`${before}${secret}next`)
      stream.destroy()
      return length
    }
    const guesses = ['the merger with Example Widgets', 'the weather in Example Village', 'x', secret]
    const lengths = (apart: boolean) => Promise.all(guesses.map(guess => lengthAfter(guess, apart)))
    expect(new Set(await lengths(true)).size).to.equal(1)
    expect(new Set(await lengths(false)).size).to.be.greaterThan(1)
  })

  it('keeps writes of one burst apart from each other: 100 pairs', async () => {
    const secret = 'Subject: the merger with Example Widgets happens on 21 November\r\n'
    const length = async (before: string, apart: boolean) => {
      const { below, wire } = pair()
      const stream = deflateOver(below, { apart: () => apart })
      stream.cork()
      stream.write(before)
      const last = written(stream, secret)
      stream.uncork()
      await last
      expect(readable(wire()).toString()).to.equal(`${before}${secret}`)
      stream.destroy()
      // What the text needs alone.
      return wire().length - (await alone(before, apart))
    }
    const alone = async (text: string, apart: boolean) => {
      const { below, wire } = pair()
      const stream = deflateOver(below, { apart: () => apart })
      await written(stream, text)
      stream.destroy()
      return wire().length
    }
    const guesses = Array.from(
      { length: 100 },
      (_, at) => `guess ${at}: ${secret.slice(0, at % secret.length)}\r\n`,
    )
    const lengths = async (apart: boolean) =>
      new Set(await Promise.all(guesses.map(guess => length(guess, apart))))
    expect((await lengths(true)).size).to.equal(1)
    expect((await lengths(false)).size).to.be.greaterThan(1)
  })
})
