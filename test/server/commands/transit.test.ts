import { expect } from 'chai'
import { configSchema } from '../../../src/config/config.ts'
import type { Feed, Offer, Source, Verdict } from '../../../src/feed/feed.ts'
import { silentLog } from '../../../src/log.ts'
import type { MessageId } from '../../../src/message-id.ts'
import { Reason } from '../../../src/reason.ts'
import type { Block, Response } from '../../../src/server/command.ts'
import { transitCommands } from '../../../src/server/commands/transit.ts'
import type { Access, Session } from '../../../src/server/session.ts'
import type { Arrival } from '../../../src/storage/reading.ts'
import { ArrivalLog } from '../../support/arrival-log.ts'
import { ManualClock } from '../../support/manual-clock.ts'

const one = '<1@x.example>'
const block: Block = { ok: true, wire: Buffer.from('x') }
const source: Source = {
  peer: 'b.example',
  aliases: [],
  address: '192.0.2.7',
  accepts: () => true,
  connection: Symbol('connection'),
}
const verdicts: Record<string, Verdict> = {
  accepted: { kind: 'accepted', arrival: 1 as Arrival, messageId: one as MessageId, filings: [] },
  rejected: { kind: 'rejected', reason: new Reason('unwanted-newsgroup', 'a.b') },
  deferred: { kind: 'deferred', reason: new Reason('no-space') },
}

interface Setting {
  readonly offer?: Offer
  readonly verdict?: string
  readonly peer?: boolean
  readonly account?: string
}

function session({ offer = 'send', verdict = 'accepted', peer = true, account = '' }: Setting = {}) {
  const calls: string[] = []
  const feed: Feed = {
    inject: () => Promise.reject(new Error('not asked')),
    offer: async id => {
      calls.push(`offer ${id}`)
      return offer
    },
    transfer: async (id, { wire }) => {
      calls.push(`transfer ${id} ${wire}`)
      return verdicts[verdict] as Verdict
    },
    release: id => void calls.push(`release ${id}`),
    recommendMessageId: () => one as MessageId,
  }
  const config = configSchema.parse({})
  const access: Access = {
    mayRead: () => true,
    poster: { account, address: '192.0.2.7', mayPost: () => false, mayApprove: () => false },
    readsAll: true,
    ...(peer ? { source } : {}),
  }
  const subject: Session = {
    services: { reading: new ArrivalLog(), feed, clock: new ManualClock(), config: () => config },
    client: { address: '192.0.2.7', secure: false },
    access,
    authorize: () => access,
    transports: new Set(),
    signal: new AbortController().signal,
    log: silentLog,
    group: undefined,
    number: undefined,
    sawCapabilities: false,
    streaming: false,
  }
  return { subject, calls }
}

const row = (name: string) => {
  const found = transitCommands.find(command => command.name === name)
  if (found === undefined) throw new Error(`no row ${name}`)
  return found
}

/** `C: line` with an article behind it where one is due, and what is answered: code, text, and whether it closes. */
async function said(line: string, setting: Setting = {}, article: Block = block) {
  const { subject, calls } = session(setting)
  const [name = '', ...args] = line.split(' ')
  const command = row(name)
  const shown = (response: Response) =>
    `${response.code}${response.text === undefined ? '' : ` ${response.text}`}${response.close ? ' (closes)' : ''}`
  const first = await command.run(subject, args, command.block ? article : undefined)
  const answers = [shown(first)]
  if (first.kind === 'continue' && first.expect === 'block') answers.push(shown(await first.reply(article)))
  return { answers, calls }
}

describe('transit commands', () => {
  const bad: Block = { ok: false, fault: 'bare-cr' }
  const long = `<${'x'.repeat(300)}@y>`
  const table: readonly [line: string, setting: Setting, answers: string[], article?: Block][] = [
    [`IHAVE ${one}`, {}, ['335', '235']],
    [`IHAVE ${one}`, { offer: 'have' }, ['435']],
    [`IHAVE ${one}`, { offer: 'later' }, ['436']],
    [`IHAVE ${one}`, { verdict: 'rejected' }, ['335', '437 Unwanted newsgroup "a.b"']],
    [`IHAVE ${one}`, { verdict: 'deferred' }, ['335', '436 No space, try again later']],
    [`IHAVE ${one}`, {}, ['335', '437 Bare CR in article'], bad],
    ['IHAVE rubbish', {}, ['435 Bad Message-ID']],
    [`IHAVE ${long}`, {}, ['435 Bad Message-ID']],
    [`IHAVE ${one}`, { peer: false }, ['480']],
    [`IHAVE ${one}`, { peer: false, account: 'alice' }, ['502']],

    [`CHECK ${one}`, {}, [`238 ${one}`]],
    [`CHECK ${one}`, { offer: 'have' }, [`438 ${one}`]],
    [`CHECK ${one}`, { offer: 'later' }, [`431 ${one}`]],
    ['CHECK rubbish', {}, ['438 rubbish']],
    ['CHECK <a@b', {}, ['438 <a@b']],
    [`CHECK ${long}`, {}, [`438 ${long}`]],
    [`CHECK ${one}`, { peer: false }, ['480']],

    [`TAKETHIS ${one}`, {}, [`239 ${one}`]],
    [`TAKETHIS ${one}`, { offer: 'have' }, [`239 ${one}`]],
    [`TAKETHIS ${one}`, { verdict: 'rejected' }, [`439 ${one} Unwanted newsgroup "a.b"`]],
    [`TAKETHIS ${one}`, { verdict: 'deferred' }, ['400 No space, try again later (closes)']],
    [`TAKETHIS ${one}`, {}, [`439 ${one} Bare CR in article`], bad],
    ['TAKETHIS rubbish', {}, ['439 rubbish Bad Message-ID']],
    [`TAKETHIS ${long}`, {}, [`439 ${long} Bad Message-ID`]],
    [`TAKETHIS ${one}`, { peer: false }, ['480']],
    [`TAKETHIS ${one}`, { peer: false, account: 'alice' }, ['502']],
  ]
  for (const [line, setting, answers, article] of table) {
    it(`${line.slice(0, 30)} ${JSON.stringify(setting)} ${article === bad ? 'damaged' : ''}: ${answers.join(' ').slice(0, 60)}`, async () => {
      expect((await said(line, setting, article)).answers).to.deep.equal(answers)
    })
  }

  it('give a lease back where the article came damaged', async () => {
    expect((await said(`IHAVE ${one}`, {}, bad)).calls).to.deep.equal([`offer ${one}`, `release ${one}`])
    expect((await said(`TAKETHIS ${one}`, {}, bad)).calls).to.deep.equal([`release ${one}`])
  })

  it('ask nobody about a bad message-ID', async () => {
    for (const name of ['IHAVE', 'CHECK', 'TAKETHIS'])
      expect((await said(`${name} <x>`)).calls).to.deep.equal([])
  })

  it('never answer with more than a line holds', async () => {
    const argument = `<${'x'.repeat(470)}`
    const [answer = ''] = (await said(`TAKETHIS ${argument}`)).answers
    expect(answer.length).to.be.at.most(510)
    expect(answer).to.match(new RegExp(`^439 ${argument} `))
    const whole = 'x'.repeat(497)
    expect((await said(`TAKETHIS ${whole}`)).answers).to.deep.equal([`439 ${whole} Bad Me`.slice(0, 4 + 500)])
  })

  it('MODE STREAM says 203 and marks the session', async () => {
    const { subject } = session()
    expect(await row('MODE STREAM').run(subject, [])).to.deep.equal({ kind: 'line', code: 203 })
    expect(subject.streaming).to.equal(true)
  })

  it('are capabilities of peers alone', () => {
    const labels = (subject: Session) =>
      transitCommands.map(({ capability }) =>
        typeof capability === 'function' ? capability(subject) : capability,
      )
    expect(labels(session().subject)).to.deep.equal(['IHAVE', 'STREAMING', undefined, undefined])
    expect(labels(session({ peer: false }).subject)).to.deep.equal([
      undefined,
      undefined,
      undefined,
      undefined,
    ])
  })

  it('never make a peer drop an article when something breaks', () => {
    expect(row('IHAVE').fault).to.include({ code: 436 })
    for (const name of ['CHECK', 'TAKETHIS']) expect(row(name).fault).to.include({ code: 400, close: true })
  })

  it('CHECK and TAKETHIS run concurrently, and the article is read before anything is answered', () => {
    expect(transitCommands.filter(({ concurrent }) => concurrent).map(({ name }) => name)).to.deep.equal([
      'CHECK',
      'TAKETHIS',
    ])
    expect(row('TAKETHIS').block).to.equal(true)
  })
})
