/** Servers that do what no server may do, one behaviour each; what they do to a feed is the same for all. */
import type { Duplex } from 'node:stream'
import { TLSSocket } from 'node:tls'
import { deflateRawSync } from 'node:zlib'
import type { PemPair } from './certificate-files.ts'
import { hangUp, type Script, ScriptedPeer, silence } from './scripted-peer.ts'

export interface Behaviour {
  readonly name: string
  /** Keys of `[[peer]]`. */
  readonly section: Readonly<Record<string, unknown>>
  /** Takes the server's end of a connection. */
  readonly serve: (stream: Duplex, have: Set<string>) => void
}

/** What to do with the raw stream; `id` is that of the article it is about. */
type Act = (stream: Duplex, id: string) => void

export const acts: Readonly<Record<string, Act>> = {
  'says nothing': () => undefined,
  'hangs up': stream => void stream.end(),
  'resets the connection': stream => void stream.destroy(),
  'says 400': stream => void stream.write('400 bye\r\n'),
  'says 400 and stays silent': stream => void stream.write('400 bye\r\n'),
  'sends a line without end': stream => void stream.write('2'.repeat(70_000)),
  'sends octets of no protocol': stream =>
    void stream.write(Buffer.from('\x16\x03\x01\x00\xff\0\r\n\n\n', 'latin1')),
  'sends an enormous code': stream => void stream.write('99999999999999999999 yes\r\n'),
  'sends a code of no meaning': stream => void stream.write('999 yes\r\n'),
  'sends an empty line': stream => void stream.write('\r\n'),
  'answers about another article': stream => void stream.write('239 <other@x.example>\r\n'),
  'answers another command': (stream, id) => void stream.write(`340 ${id}\r\n`),
  'answers half a line and goes': stream => void stream.end('23'),
}

/** The commands at which a peer turns, as `ScriptedPeer` names them, and whether it is fed by IHAVE. */
const stages: readonly [name: string, verb: string, streaming: boolean][] = [
  ['at CAPABILITIES', 'CAPABILITIES', true],
  ['at MODE STREAM', 'MODE', true],
  ['at CHECK', 'CHECK', true],
  ['in the middle of an article', 'TAKETHIS', true],
  ['after an article', 'BLOCK', true],
  ['at IHAVE', 'IHAVE', false],
  ['after an article by IHAVE', 'BLOCK', false],
]

/** MODE STREAM that is refused is no offence: IHAVE is used instead. */
const harmless = new Set([
  'at MODE STREAM: answers about another article',
  'at MODE STREAM: answers another command',
])

function atStages(): Behaviour[] {
  return stages.flatMap(([stage, turn, streaming]) =>
    Object.entries(acts)
      .map(([act, run]) => ({
        name: `${stage}: ${act}`,
        section: { streaming },
        serve(stream: Duplex, have: Set<string>) {
          let turned = false
          const react = (verb: string, id: string) => {
            if (turned) return silence
            if (verb !== turn) return undefined
            turned = true
            run(stream, id)
            return silence
          }
          new ScriptedPeer(stream, { react }, have)
        },
      }))
      .filter(({ name }) => !harmless.has(name)),
  )
}

const greetings = (): Behaviour[] =>
  Object.entries(acts).map(([act, run]) => ({
    name: `at the greeting: ${act}`,
    section: {},
    serve(stream) {
      stream.resume()
      stream.on('error', () => undefined)
      run(stream, '')
    },
  }))

const scripted = (name: string, script: Script, section: Behaviour['section'] = {}): Behaviour => ({
  name,
  section,
  serve: (stream, have) => void new ScriptedPeer(stream, script, have),
})

/** Once `verb` comes, these octets, and nothing else ever. */
const once = (verb: string, octets: string | Buffer): Script => ({
  react(said, _id, peer) {
    if (said !== verb) return undefined
    peer.stream.write(octets)
    return silence
  },
})

const list = (label: string) => `101 list\r\nVERSION 2\r\nIHAVE\r\nSTREAMING\r\n${label}\r\n.\r\n`

const lists = (): Behaviour[] => [
  scripted(
    'lists capabilities without end',
    once('CAPABILITIES', `101 list\r\n${'X1 Y\r\n'.repeat(50_000)}`),
  ),
  scripted('stops in the middle of its list', once('CAPABILITIES', '101 list\r\nVERSION 2\r\n')),
  scripted('knows us for no peer', { capabilities: ['READER'] }),
  scripted('greets with 201 and then lets nobody in', once('CAPABILITIES', '502 no\r\n480 no\r\n')),
  scripted(
    'says everything at once',
    once('CAPABILITIES', `${list('X')}203 go\r\n238 <1@a.example>\r\n239 <1@a.example>\r\n`),
  ),
  scripted('accepts what it was not sent', {
    react: (verb, id) => (verb === 'CHECK' ? `239 ${id}` : undefined),
  }),
  scripted('invites twice and then goes', {
    react: (verb, id, peer) =>
      verb === 'CHECK' ? (peer.say(`238 ${id}\r\n238 ${id}`) ?? hangUp) : undefined,
  }),
]

const underTls =
  (pair: PemPair, act: (stream: TLSSocket) => void): Behaviour['serve'] =>
  stream => {
    const tls = new TLSSocket(stream, { isServer: true, cert: pair.cert, key: pair.key })
    tls.on('error', () => undefined)
    tls.on('secure', () => act(tls))
    tls.resume()
  }

export interface Certificates {
  readonly good: PemPair
  readonly foreign: PemPair
  readonly expired: PemPair
  /** What trusts `good` and `expired`. */
  readonly ca_file: string
}

const transports = ({ good, foreign, expired, ca_file }: Certificates): Behaviour[] => {
  const implicit = { tls: 'implicit', ca_file }
  const starttls = { tls: 'starttls', ca_file }
  const compress = { compress: true }
  const deflates = (octets: Buffer): Script => ({
    react(verb, _id, peer) {
      if (verb === 'CAPABILITIES') return list('COMPRESS DEFLATE').trimEnd()
      if (verb !== 'COMPRESS') return undefined
      peer.say('206 go')
      setImmediate(() => peer.stream.write(octets))
      return silence
    },
  })
  const answers = (said: string): Script => ({
    react: verb =>
      verb === 'CAPABILITIES' ? list('STARTTLS').trimEnd() : verb === 'STARTTLS' ? said : undefined,
  })
  return [
    { name: 'TLS: speaks none', section: implicit, serve: stream => void new ScriptedPeer(stream) },
    { name: 'TLS: says nothing', section: implicit, serve: stream => void stream.resume() },
    { name: 'TLS: hangs up', section: implicit, serve: stream => void stream.end() },
    {
      name: 'TLS: is somebody else',
      section: implicit,
      serve: underTls(foreign, tls => void tls.write('200 hi\r\n')),
    },
    {
      name: 'TLS: has expired',
      section: implicit,
      serve: underTls(expired, tls => void tls.write('200 hi\r\n')),
    },
    { name: 'TLS: greets with nothing', section: implicit, serve: underTls(good, () => undefined) },
    {
      name: 'TLS: goes after the handshake',
      section: implicit,
      serve: underTls(good, tls => void tls.end()),
    },
    {
      name: 'TLS: speaks in plain after the handshake',
      section: implicit,
      serve: (stream, have) =>
        underTls(good, () => void stream.write('200 hello\r\n'.repeat(50)))(stream, have),
    },
    scripted('STARTTLS: is not offered', {}, starttls),
    scripted('STARTTLS: is refused', answers('580 no'), starttls),
    scripted('STARTTLS: says more than it may', answers('382 go\r\n203 go'), starttls),
    scripted('STARTTLS: says nothing after it', answers('382 go'), starttls),
    scripted('STARTTLS: goes on in plain', answers('382 go'), starttls),
    scripted('COMPRESS: sends no DEFLATE', deflates(Buffer.from('\x07\x07203 go\r\n', 'latin1')), compress),
    scripted('COMPRESS: sends a bomb', deflates(deflateRawSync(Buffer.alloc(64_000_000, 50))), compress),
    scripted('COMPRESS: says nothing after it', deflates(Buffer.alloc(0)), compress),
  ]
}

export const hostilePeers = (certificates: Certificates): readonly Behaviour[] => [
  ...greetings(),
  ...atStages(),
  ...lists(),
  ...transports(certificates),
]
