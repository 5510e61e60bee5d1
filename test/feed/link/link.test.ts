import { X509Certificate } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { systemClock } from '../../../src/clock.ts'
import { Link, type LinkConfig, plainLink } from '../../../src/feed/link/link.ts'
import type { LinkEvent } from '../../../src/feed/link/open.ts'
import { safeText } from '../../../src/reason.ts'
import { keyFingerprint } from '../../../src/tls/certificate.ts'
import type { KeyPair } from '../../../src/tls/key-pair.ts'
import { certificateFile } from '../../support/certificate-files.ts'
import { keyPair } from '../../support/certificates.ts'
import { SecurePeer, type SecurePeerScript } from '../../support/secure-peer.ts'
import { temporaryDirectory } from '../../support/temporary-directory.ts'

const authority = certificateFile('authority')
const pair = certificateFile('news.b.example')
const other = certificateFile('elsewhere')
const expired = certificateFile('expired')
const selfSigned = certificateFile('self-signed')
const pinOf = ({ cert }: { readonly cert: string }) => keyFingerprint(new X509Certificate(cert))
const secret = 'tr0ub4dor'

const list = (...labels: string[]) => ['101 list', 'VERSION 2', ...labels, '.'].join('\r\n')

/** A peer as it should be. */
const good = (line: string, tls: boolean): string | undefined => {
  const verb = line.split(' ').slice(0, 2).join(' ')
  switch (verb) {
    case 'CAPABILITIES':
      return list(
        'STREAMING',
        'IHAVE',
        'COMPRESS DEFLATE',
        ...(tls ? ['AUTHINFO USER SASL', 'SASL PLAIN'] : ['STARTTLS']),
      )
    case 'STARTTLS':
      return '382 go on'
    case 'AUTHINFO USER':
      return '381 more'
    case 'AUTHINFO PASS':
    case 'AUTHINFO SASL':
      return '281 welcome'
    case 'COMPRESS DEFLATE':
      return '206 go on'
    case 'MODE STREAM':
      return '203 stream'
    default:
      return '500 what?'
  }
}

interface Called {
  readonly peer: SecurePeer
  readonly mode: string
  readonly events: readonly LinkEvent[]
}

/** Calls a peer; `mode` is the reason where it came to nothing. */
async function call(
  config: Partial<LinkConfig>,
  script: Partial<SecurePeerScript> = {},
  own?: KeyPair,
): Promise<Called> {
  const events: LinkEvent[] = []
  const told = (event: LinkEvent) => void events.push(event)
  const peer = new SecurePeer({ pair, implicit: config.tls === 'implicit', answer: good, ...script })
  const link = new Link({ ...plainLink, ...config }, { dial: async () => peer.stream, pair: () => own })
  const { signal } = new AbortController()
  try {
    const stream = await link.dial('news.b.example:119', { bind: '', signal }, told)
    const parts = { clock: systemClock, signal, timeout: 20_000, told }
    const opened = await link.open(stream, 'news.b.example:119', { goal: 'feed', ...parts })
    opened.stream.destroy()
    return { peer, mode: opened.mode, events }
  } catch (error) {
    peer.stream.destroy()
    return { peer, mode: error instanceof Error ? error.message : 'fault', events }
  }
}

describe('a link to another server', () => {
  let folder: Awaited<ReturnType<typeof temporaryDirectory>>
  let ca_file = ''
  let password_file = ''
  before(async () => {
    folder = await temporaryDirectory()
    ca_file = join(folder.path, 'ca.pem')
    password_file = join(folder.path, 'password')
    writeFileSync(ca_file, authority.cert)
    writeFileSync(password_file, `${secret}\n`, { mode: 0o600 })
  })
  after(() => folder[Symbol.asyncDispose]())

  for (const tls of ['implicit', 'starttls'] as const) {
    it(`logs in and compresses over TLS: ${tls}`, async () => {
      const { peer, mode, events } = await call({ tls, ca_file, user: 'me', password_file, compress: true })
      expect(mode).to.equal('streaming')
      expect(peer.lines).to.deep.equal([
        ...(tls === 'starttls' ? ['CAPABILITIES', 'STARTTLS'] : []),
        'tls:CAPABILITIES',
        'tls:AUTHINFO USER me',
        `tls:AUTHINFO PASS ${secret}`,
        'tls:CAPABILITIES',
        'tls:COMPRESS DEFLATE',
        'tls:MODE STREAM',
      ])
      expect(peer.wire).to.not.contain(secret)
      expect(JSON.stringify(events)).to.not.contain(secret)
      const report = events.find(event => event.kind === 'tls')?.report
      expect(report).to.include({ by: 'authority', complaint: '', fingerprint: pinOf(pair) })
      expect(report?.protocol).to.equal('TLSv1.3')
      expect(report?.names).to.deep.equal(['news.b.example', 'b.example'])
    })

    it(`takes a pinned key for what it is: ${tls}`, async () => {
      expect((await call({ tls, pin: [pinOf(pair).toUpperCase().replace('SHA', 'sha')] })).mode).to.equal(
        'streaming',
      )
      expect((await call({ tls, pin: [pinOf(expired)] }, { pair: expired })).mode).to.equal('streaming')
      const wrong = await call({ tls, pin: [pinOf(other)], user: 'me', password_file })
      expect(wrong.mode)
        .to.contain('has none of the keys in pin')
        .and.contain(`pin = ["${pinOf(pair)}"]`)
      expect(wrong.peer.wire).to.not.contain(secret)
      const either = { tls, ca_file, pin: [pinOf(other)] }
      expect((await call(either)).mode).to.equal('streaming')
    })

    it(`says what is wrong with a certificate, and which key to pin: ${tls}`, async () => {
      const table: readonly [Partial<LinkConfig>, typeof pair, string][] = [
        [{}, pair, 'its authority is not known here'],
        [{}, selfSigned, 'it is self-signed'],
        [{ ca_file }, other, 'it is for another name'],
        [{ ca_file, tls_name: 'c.example' }, pair, 'it is for another name'],
        [{ ca_file }, expired, 'it has expired'],
      ]
      for (const [config, shown, why] of table) {
        const { mode, peer } = await call({ tls, ...config, user: 'me', password_file }, { pair: shown })
        expect(safeText(mode)).to.contain(
          `is not trusted: ${why}; if the key is theirs, write pin = ["${pinOf(shown)}"]`,
        )
        expect(peer.lines.filter(line => line.startsWith('tls:'))).to.deep.equal([])
      }
      expect((await call({ tls, ca_file, tls_name: 'elsewhere.example' }, { pair: other })).mode).to.equal(
        'streaming',
      )
    })

    it(`shows our certificate where it is asked for: ${tls}`, async () => {
      const mine = keyPair(certificateFile('ours'))
      const asked = await call({ tls, ca_file }, { asks: true }, mine)
      expect([asked.mode, asked.peer.shown]).to.deep.equal(['streaming', 'news.a.example'])
      const silent = await call({ tls, ca_file }, { asks: true })
      expect([silent.mode, silent.peer.shown]).to.deep.equal(['streaming', undefined])
    })
  }

  it('ends where octets came behind 382 or 206', async () => {
    const injected = [
      '382 go on\r\n203 stream',
      '382 go on\r\n200 hello',
      '382 go on\r\n101 list\r\nIHAVE\r\n.',
      '382 go on\r\n281',
    ]
    for (const said of injected) {
      const { mode, peer } = await call(
        { tls: 'starttls', ca_file, user: 'me', password_file },
        { answer: (line, tls) => (line === 'STARTTLS' ? said : good(line, tls)) },
      )
      expect(mode).to.equal('octets came behind the answer to STARTTLS: somebody may be in between')
      expect(peer.lines).to.deep.equal(['CAPABILITIES', 'STARTTLS'])
    }
    const { mode } = await call(
      { compress: true },
      { answer: (line, tls) => (line.startsWith('COMPRESS') ? '206 go on\r\n203 stream' : good(line, tls)) },
    )
    expect(mode).to.equal('octets came behind the answer to COMPRESS DEFLATE: somebody may be in between')
  })

  it('speaks no TLS to what answers in plain, and gives up on what answers nothing', async () => {
    const answer = await call({ tls: 'implicit', ca_file }, { implicit: false })
    expect(answer.mode).to.equal('TLS failed: what answers there speaks no TLS; see the port and tls')
  })

  it('sends no password where the way is not safe: 100 who tamper with it', async () => {
    const refusals = ['500 what?', '502 no', '580 no', '203 go', '381 more', '281 welcome', '400 bye', '']
    const lists = [
      list('STREAMING', 'IHAVE', 'AUTHINFO USER'),
      list('STREAMING', 'AUTHINFO USER SASL', 'SASL PLAIN'),
      list('AUTHINFO USER', 'XSTARTTLS', 'START TLS'),
      list(),
      '500 what?',
      '281 welcome',
      '381 password?',
      list('STARTTLS', 'AUTHINFO USER'),
      '483 log in now',
      '382 go on',
    ]
    for (let run = 0; run < 100; run++) {
      const [first = '', second = ''] = [lists[run % 10], refusals[Math.floor(run / 10) % 8]]
      // Every eleventh has TLS with a key of its own in between.
      const between = run % 11 === 0 ? '382 go on' : second
      const { peer, mode } = await call(
        { tls: 'starttls', ca_file, user: 'me', password_file },
        {
          pair: selfSigned,
          answer: line => (line === 'CAPABILITIES' ? first : line === 'STARTTLS' ? between || '502' : '281'),
        },
      )
      expect(mode, `run ${run}`).to.not.equal('streaming')
      expect(mode).to.not.equal('ihave')
      const wire = peer.wire.toLowerCase()
      for (const form of [secret, btoa(secret), btoa(`\0me\0${secret}`), 'authinfo'])
        expect(wire.includes(form.toLowerCase()), `run ${run}: ${form}`).to.equal(false)
    }
  })

  it('calls nobody with a password that others may read, or without TLS', async () => {
    const open = join(folder.path, 'open')
    writeFileSync(open, secret, { mode: 0o644 })
    const login = { user: 'me', password_file: open }
    const readable = await call({ tls: 'implicit', ca_file, ...login })
    expect(readable.mode).to.equal(`password_file: others may read ${open}; run: chmod 600 ${open}`)
    const plain = await call({ user: 'me', password_file })
    expect(plain.mode).to.contain('no password goes to another host without TLS')
    expect([readable.peer.wire, plain.peer.wire]).to.deep.equal(['', ''])
  })
})
