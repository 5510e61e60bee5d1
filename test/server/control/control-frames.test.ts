import { expect } from 'chai'
import fc from 'fast-check'
import { FrameFault, FrameReader } from '../../../src/server/control/control-frames.ts'

/** A frame as net-ipc writes it. */
function frame(value: unknown): Buffer {
  const json = Buffer.from(JSON.stringify(value))
  const digits = [(json.length & 127) + 128]
  for (let rest = json.length >> 7; rest > 0; rest >>= 7) digits.unshift(rest & 127)
  return Buffer.concat([Buffer.from(digits), json])
}
const opening = Buffer.from('IPC')
const first = frame({ t: 0, d: { compress: false, messagepack: false, id: null } })
const message = (text: string) => frame({ t: 1, d: { text } })

describe('control frames', () => {
  it('pass whole, however they are cut', () => {
    const octets = Buffer.concat([
      opening,
      first,
      message('a'),
      message('b'.repeat(300)),
      frame({ t: 6, d: {} }),
    ])
    for (const size of [1, 2, 3, 7, 100, octets.length]) {
      const reader = new FrameReader()
      const passed: Buffer[] = []
      for (let at = 0; at < octets.length; at += size)
        passed.push(...reader.push(octets.subarray(at, at + size)))
      expect(Buffer.concat(passed).equals(octets), `pieces of ${size}`).to.equal(true)
      expect(passed).to.have.length(5)
      expect(reader.connected).to.equal(true)
    }
  })

  const refused: readonly [string, Buffer[]][] = [
    ['other octets', [Buffer.from('GET / HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: net-ipc\r\n\r\n')]],
    ['a length over 1 GiB', [opening, Buffer.from([0x7f, 0x7f, 0x7f, 0x7f, 0xff])]],
    ['a length of 200 MiB', [opening, Buffer.from([0x64, 0x00, 0x00, 0x80])]],
    ['a length one over the limit', [opening, first, Buffer.from([0x40, 0x00, 0x81])]],
    ['a length without end', [opening, Buffer.alloc(4)]],
    ['an empty frame', [opening, first, Buffer.from([0x80])]],
    ['what is not JSON', [opening, first, Buffer.from([0x83]), Buffer.from('{a}')]],
    ['null', [opening, first, frame(null)]],
    ['a number', [opening, first, frame(12)]],
    ['a message before the first frame', [opening, message('a')]],
    ['compression', [opening, frame({ t: 0, d: { compress: true } })]],
    ['msgpack', [opening, frame({ t: 0, d: { messagepack: true } })]],
    ['an identity', [opening, frame({ t: 0, d: { id: 'theirs' } })]],
    ['a first frame without content', [opening, frame({ t: 0 })]],
    ['a second first frame', [opening, first, first]],
    ['a request of net-ipc', [opening, first, frame({ t: 2, d: {}, n: 'x' })]],
    ['a response', [opening, first, frame({ t: 3, d: {}, n: 'x' })]],
    ['a ping', [opening, first, frame({ t: 4, d: {}, n: 'x' })]],
    ['an unknown kind', [opening, first, frame({ t: '__proto__' })]],
  ]
  for (const [name, parts] of refused)
    it(`refuse ${name}`, () => {
      const reader = new FrameReader()
      expect(() => reader.push(Buffer.concat(parts))).to.throw(FrameFault)
    })

  it('take a frame at the limit', () => {
    const reader = new FrameReader()
    const large = frame({ t: 1, d: 'x'.repeat(1_048_576 - 14) })
    expect(large.length).to.equal(1_048_576 + 3)
    expect(reader.push(Buffer.concat([opening, first, large]))).to.have.length(3)
  })

  it('throw nothing but faults, and the same ones for any cut', () => {
    const part = fc.oneof(
      fc.uint8Array({ maxLength: 20 }).map(octets => Buffer.from(octets)),
      fc.jsonValue().map(value => frame(value)),
      fc.constantFrom(opening, first, message('x')),
    )
    const outcome = (octets: Buffer, size: number) => {
      const reader = new FrameReader()
      const passed: Buffer[] = []
      try {
        for (let at = 0; at < octets.length; at += size)
          passed.push(...reader.push(octets.subarray(at, at + size)))
      } catch (error) {
        if (!(error instanceof FrameFault)) throw error
        return 'fault'
      }
      return Buffer.concat(passed).toString('hex')
    }
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), fc.integer({ min: 1, max: 9 }), (parts, size) => {
        const octets = Buffer.concat([...(size > 4 ? [opening, first] : []), ...parts])
        return outcome(octets, size) === outcome(octets, octets.length + 1)
      }),
    )
  })
})
