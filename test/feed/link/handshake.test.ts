import { expect } from 'chai'
import { Handshake, type HandshakeOptions } from '../../../src/feed/link/handshake.ts'

/**
 * What is heard (`S:`) and said (`C:`), and where it ends: `ready MODE`, `fail WHY`. A transport that is put on the
 * stream shows as `tls` or `deflate`.
 */
function play(options: HandshakeOptions, answers: readonly string[]): string[] {
  const handshake = new Handshake(options)
  const shown: string[] = []
  for (const answer of answers)
    for (const line of answer.split('\n')) {
      let step = handshake.next(line)
      if (step.kind === 'tls' || step.kind === 'deflate') {
        shown.push(step.kind)
        step = handshake.upgraded()
      }
      if (step.kind === 'say') shown.push(step.line)
      if (step.kind === 'ready') return [...shown, `ready ${step.mode}`]
      if (step.kind === 'fail') return [...shown, `fail ${step.why}`]
    }
  return [...shown, 'waits']
}

const list = (...labels: string[]) => ['101 list', 'VERSION 2', ...labels, '.'].join('\n')
const login = { user: 'me', password: 'secret' }
const feed: HandshakeOptions = { goal: 'feed' }
const secureLogin: HandshakeOptions = { goal: 'feed', secure: true, login }
const greeted = ['CAPABILITIES']

type Case = readonly [string, HandshakeOptions, readonly string[], readonly string[]]
const cases: readonly Case[] = [
  [
    'streams where it is offered',
    feed,
    ['200 hi', list('STREAMING', 'IHAVE'), '203 go'],
    [...greeted, 'MODE STREAM', 'ready streaming'],
  ],
  ['sends by IHAVE where that is all', feed, ['200 hi', list('IHAVE')], [...greeted, 'ready ihave']],
  [
    'sends by IHAVE where the peer thinks better of it',
    feed,
    ['200 hi', list('STREAMING'), '501 no'],
    [...greeted, 'MODE STREAM', 'ready ihave'],
  ],
  [
    'streams where the list is unknown',
    feed,
    ['201 hi', '500 what', '203 go'],
    [...greeted, 'MODE STREAM', 'ready streaming'],
  ],
  [
    'ends where neither is offered',
    feed,
    ['200 hi', list('READER')],
    [...greeted, 'fail the peer offers neither IHAVE nor STREAMING: it does not know us as a peer'],
  ],
  ['ends where it is not let in', feed, ['502 no'], ['fail the peer does not let us in: "502 no"']],
  ['ends at what is no reply', feed, ['hello'], ['fail the peer does not speak NNTP: "hello"']],
  [
    'ends at 400, wherever it comes',
    feed,
    ['200 hi', '400 busy'],
    [...greeted, 'fail the peer said "400 busy"'],
  ],
  [
    'ends at a list without end',
    feed,
    ['200 hi', list(...Array.from({ length: 300 }, (_, n) => (n % 2 === 0 ? 'X' : `X${n}`)))],
    [...greeted, 'fail the peer lists capabilities without end'],
  ],
  [
    'asks anew for everything after STARTTLS',
    { goal: 'feed', starttls: true },
    ['200 hi', list('STARTTLS', 'STREAMING', 'IHAVE'), '382 go', list('IHAVE')],
    [...greeted, 'STARTTLS', 'tls', 'CAPABILITIES', 'ready ihave'],
  ],
  [
    'says nothing more where STARTTLS is not listed',
    { goal: 'feed', starttls: true, login },
    ['200 hi', list('STREAMING', 'AUTHINFO USER')],
    [...greeted, 'fail the peer does not offer STARTTLS, which tls asks for; nothing was sent without TLS'],
  ],
  [
    'tries STARTTLS where the list is unknown, and says nothing more where that fails',
    { goal: 'feed', starttls: true, login },
    ['200 hi', '500 what', '500 what'],
    [...greeted, 'STARTTLS', 'fail the peer refuses STARTTLS: "500 what"; nothing was sent without TLS'],
  ],
  [
    'takes no other answer for 382',
    { goal: 'feed', starttls: true },
    ['200 hi', list('STARTTLS'), '203 go'],
    [...greeted, 'STARTTLS', 'fail the peer refuses STARTTLS: "203 go"; nothing was sent without TLS'],
  ],
  [
    'wants TLS on the loopback too, where it is asked for',
    { goal: 'feed', starttls: true, secure: true, login },
    ['200 hi', list('AUTHINFO USER')],
    [...greeted, 'fail the peer does not offer STARTTLS, which tls asks for; nothing was sent without TLS'],
  ],
  [
    'keeps a password to itself without TLS',
    { goal: 'feed', login },
    ['200 hi', list('AUTHINFO USER')],
    [...greeted, 'fail no password goes to another host without TLS: set tls = "implicit" or "starttls"'],
  ],
  [
    'logs in, and asks anew for everything',
    secureLogin,
    ['200 hi', list('AUTHINFO USER SASL', 'SASL PLAIN'), '381 more', '281 ok', list('STREAMING'), '203 go'],
    [
      ...greeted,
      'AUTHINFO USER me',
      'AUTHINFO PASS secret',
      'CAPABILITIES',
      'MODE STREAM',
      'ready streaming',
    ],
  ],
  [
    'is content where the name alone is enough',
    secureLogin,
    ['200 hi', list('AUTHINFO USER'), '281 ok', list('IHAVE')],
    [...greeted, 'AUTHINFO USER me', 'CAPABILITIES', 'ready ihave'],
  ],
  [
    'uses SASL PLAIN where USER is not offered',
    secureLogin,
    ['200 hi', list('AUTHINFO SASL', 'SASL PLAIN'), '281 ok', list('IHAVE')],
    [...greeted, `AUTHINFO SASL PLAIN ${btoa('\0me\0secret')}`, 'CAPABILITIES', 'ready ihave'],
  ],
  [
    'uses the certificate where there is no password',
    { goal: 'feed', secure: true, login: { user: 'me' } },
    ['200 hi', list('AUTHINFO SASL', 'SASL PLAIN EXTERNAL'), '281 ok', list('IHAVE')],
    [...greeted, `AUTHINFO SASL EXTERNAL ${btoa('me')}`, 'CAPABILITIES', 'ready ihave'],
  ],
  [
    'ends where a certificate is no login',
    { goal: 'feed', secure: true, login: { user: 'me' } },
    ['200 hi', list('AUTHINFO USER')],
    [...greeted, 'fail login: it offers no login by certificate (SASL EXTERNAL): set password_file'],
  ],
  ...[
    ['481 wrong', 'it does not take the login of me: "481 wrong"; see user and password_file'],
    ['482 order', 'it takes our login for out of order: "482 order"'],
    ['483 tls', 'it takes a login only over TLS: "483 tls"; set tls'],
    ['502 no', 'it has no such login for us: "502 no"'],
    ['200 eh', 'it gave an answer to the login that fits none: "200 eh"'],
    [
      '481 secret is wrong',
      'it does not take the login of me: "481 ... is wrong"; see user and password_file',
    ],
    ['381 again', 'it gave an answer to the login that fits none: "381 again"'],
  ].map(
    ([answer = '', why]): Case => [
      `says why the login failed: ${answer}`,
      secureLogin,
      ['200 hi', list('AUTHINFO USER'), '381 more', answer],
      [...greeted, 'AUTHINFO USER me', 'AUTHINFO PASS secret', `fail login: ${why}`],
    ],
  ),
  [
    'sends no line that is two',
    { goal: 'feed', secure: true, login: { user: 'me', password: 'a\r\nQUIT' } },
    ['200 hi', list('AUTHINFO USER'), '381 more'],
    [...greeted, 'AUTHINFO USER me', 'fail login: user or password holds a line end or NUL'],
  ],
  [
    'sends no line that is too long',
    { goal: 'feed', secure: true, login: { user: 'me', password: 'x'.repeat(600) } },
    ['200 hi', list('AUTHINFO USER'), '381 more'],
    [...greeted, 'AUTHINFO USER me', 'fail login: user or password is too long for a command line'],
  ],
  [
    'compresses after TLS and login',
    { goal: 'feed', starttls: true, login, compress: true },
    [
      '200 hi',
      list('STARTTLS', 'COMPRESS DEFLATE'),
      '382 go',
      list('AUTHINFO USER', 'COMPRESS DEFLATE'),
      '381 more',
      '281 ok',
      list('COMPRESS DEFLATE', 'STREAMING'),
      '206 go',
      '203 go',
    ],
    [
      ...greeted,
      'STARTTLS',
      'tls',
      'CAPABILITIES',
      'AUTHINFO USER me',
      'AUTHINFO PASS secret',
      'CAPABILITIES',
      'COMPRESS DEFLATE',
      'deflate',
      'MODE STREAM',
      'ready streaming',
    ],
  ],
  [
    'goes on uncompressed where the peer cannot after all',
    { goal: 'feed', compress: true },
    ['200 hi', list('COMPRESS DEFLATE', 'IHAVE'), '403 no memory'],
    [...greeted, 'COMPRESS DEFLATE', 'ready ihave'],
  ],
  [
    'compresses only what is offered and wanted',
    { goal: 'feed', compress: true },
    ['200 hi', list('COMPRESS ZSTD', 'IHAVE')],
    [...greeted, 'ready ihave'],
  ],
  [
    'compresses nothing where it is not wanted',
    feed,
    ['200 hi', list('COMPRESS DEFLATE', 'IHAVE')],
    [...greeted, 'ready ihave'],
  ],
  ['reads without ceremony', { goal: 'read' }, ['200 hi', '201 read'], ['MODE READER', 'ready reader']],
  [
    'reads where MODE READER is unknown',
    { goal: 'read' },
    ['200 hi', '500 what'],
    ['MODE READER', 'ready reader'],
  ],
  [
    'does not read where there is nothing to read',
    { goal: 'read' },
    ['200 hi', '502 no'],
    ['MODE READER', 'fail it takes no readers from here: "502 no"'],
  ],
  [
    'reads over TLS and with a login, mode first',
    { goal: 'read', starttls: true, login },
    ['200 hi', '502 not yet', list('STARTTLS'), '382 go', list('AUTHINFO USER'), '281 ok', list()],
    [
      'MODE READER',
      'CAPABILITIES',
      'STARTTLS',
      'tls',
      'CAPABILITIES',
      'AUTHINFO USER me',
      'CAPABILITIES',
      'ready reader',
    ],
  ],
  [
    'looks without asking for anything',
    { goal: 'look' },
    ['200 hi', list('STREAMING')],
    [...greeted, 'ready reader'],
  ],
]

describe('a handshake with another server', () => {
  for (const [title, options, answers, expected] of cases)
    it(title, () => expect(play(options, answers)).to.deep.equal(expected))

  it('never says the password before TLS, whatever is answered', () => {
    const answers = [
      '200 hi',
      '101 list',
      '.',
      'STARTTLS',
      'AUTHINFO USER',
      '281 ok',
      '381 more',
      '203 go',
      '500 eh',
    ]
    for (let seed = 0; seed < 9 ** 5; seed += 7) {
      const said = Array.from({ length: 5 }, (_, at) => answers[Math.floor(seed / 9 ** at) % 9] ?? '')
      const shown = play({ goal: 'feed', starttls: true, login }, ['200 hi', ...said])
      expect(shown.join('\n')).to.not.contain('secret')
    }
  })
})
