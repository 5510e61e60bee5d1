import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { Reason } from '../../../src/reason.ts'
import { fewDescriptors } from '../../../src/server/surroundings.ts'
import { pairWarnings } from '../../../src/tls/key-pair.ts'
import { english } from '../../../src/web/words/english.ts'
import { german } from '../../../src/web/words/german.ts'
import { keyPair, pemPair } from '../../support/certificates.ts'

const source = (path: string) => readFileSync(new URL(`../../../../src/${path}`, import.meta.url), 'utf8')

/** A sentence, where it is written, and what must be left of it in every language. */
const written: readonly (readonly [path: string, sentence: string, rest: string])[] = [
  ['server/surroundings.ts', 'running as root: a user of its own would limit what a fault can do', 'root'],
  ['server/surroundings.ts', 'tmpfs: the store is lost when the machine stops', 'tmpfs'],
  ['server/surroundings.ts', 'ramfs: the store is lost when the machine stops', 'ramfs'],
  [
    'server/surroundings.ts',
    'overlay: the store goes with its container; give node.data a volume',
    'overlay',
  ],
  ['server/surroundings.ts', 'NFS: its locks and syncs cannot be relied on', 'NFS'],
  ['server/surroundings.ts', ' is open to other users: chmod 700 keeps private articles private', '/srv/$&'],
  ['feed/age/clock-watch.ts', 'the clock was moved by 12 days while the node was running', '12'],
  [
    'feed/age/clock-watch.ts',
    'the clock is more than a day away from the last run: it goes on in 7 hours',
    '7',
  ],
  [
    'server/control/status.ts',
    'the store is damaged (<a@b> (x)): run "tidings verify --repair"',
    '<a@b> (x)',
  ],
  [
    'server/control/status.ts',
    'mail waits since 12, for there is no mail server: set mail.smtp ("tidings mail list")',
    'mail.smtp',
  ],
  ['server/control/status.ts', 'mail waits since 12: "tidings mail list" says why', '12'],
]

const whole = (sentence: string) => {
  if (sentence.startsWith(' is open')) return `/srv/$&${sentence}`
  if (/^\w+: (the store|its locks)/.test(sentence)) return `node.data is on ${sentence}`
  return sentence.startsWith('the clock') ? `expiry and the age limit wait: ${sentence}` : sentence
}

function expectGerman(sentence: string, rest: string): void {
  const told = german.warnings.told(sentence)
  expect(told, sentence).to.not.equal(sentence)
  expect(told)
    .to.contain(rest)
    .and.not.match(/\$[\d&]\b(?<!\/srv\/\$&)|\b(?:the|is|of)\b/)
  expect(english.warnings.told(sentence)).to.equal(sentence)
}

describe('web: words for what the node says of itself', () => {
  it('are there for every sentence, as it is written where it comes from', () => {
    for (const [path, sentence, rest] of written) {
      for (const piece of sentence.split(/12|7|<a@b> \(x\)/)) expect(source(path)).to.contain(piece)
      expectGerman(whole(sentence), rest)
    }
  })

  it('are there for what other parts of the node say', () => {
    expectGerman(fewDescriptors(10_000, { limit: 1024, used: 20 }) ?? '', '10000')
    const pair = keyPair(pemPair({ names: ['a.example'] }))
    const day = 86_400_000
    const ends = Date.parse(new Date(8.64e15).toISOString())
    const said = new Set([0, Date.now(), ends].flatMap(now => pairWarnings(pair, { now, path: '/x.pem' })))
    for (let now = Date.now(), at = 0; at < 4000 && said.size < 3; at++, now += day)
      for (const text of pairWarnings(pair, { now, path: '/x.pem' }))
        if (text.includes('expires')) said.add(text)
    expect([...said].length).to.be.greaterThan(2)
    for (const text of said) expectGerman(text, '/x.pem')
    for (const name of ['no-space', 'busy', 'paused'] as const)
      expectGerman(new Reason(name, 'x').text, 'Artikel')
    expectGerman(new Reason('paused', 'new disk').text, ': new disk')
  })

  it('leave what they do not know as it is', () =>
    expect(german.warnings.told('something new')).to.equal('something new'))
})
