import { expect } from 'chai'
import fc from 'fast-check'
import type { Clock } from '../../../src/clock.ts'
import { createMailer } from '../../../src/feed/mail/mail.ts'
import { MailQueue, type Outbox } from '../../../src/feed/mail/mail-queue.ts'
import { silentLog } from '../../../src/log.ts'
import { type MessageId, parseMessageId } from '../../../src/message-id.ts'
import type { Mail, MailHead } from '../../../src/storage/state/outbox.ts'
import { MailSink } from '../../support/mail-sink.ts'
import { ManualClock, settled } from '../../support/manual-clock.ts'

/** Holds mails in memory; `idle` is called when there is nothing to read. */
class MemoryOutbox implements Outbox {
  readonly mails: Mail[]
  readonly #idle: () => void

  constructor(mails: readonly Mail[], idle: () => void) {
    this.mails = [...mails]
    this.#idle = idle
  }

  async pending(limit: number): Promise<readonly Mail[]> {
    if (this.mails.length === 0) this.#idle()
    return this.mails.slice(0, limit)
  }

  async find(id: number) {
    return this.mails.find(mail => mail.id === id)
  }
  async heads(limit: number): Promise<readonly MailHead[]> {
    return this.mails.slice(0, limit).map(({ message, ...head }) => ({ ...head, octets: message.length }))
  }

  async done(id: number): Promise<void> {
    const at = this.mails.findIndex(mail => mail.id === id)
    if (at >= 0) this.mails.splice(at, 1)
  }

  changed(signal: AbortSignal): Promise<void> {
    return new Promise(resolve => signal.addEventListener('abort', () => resolve(), { once: true }))
  }
}

/** Every sleep is over at once and moves the time on. */
function hurriedClock(slept: number[] = []): Clock {
  const time = { now: 0 }
  return {
    now: () => time.now,
    monotonic: () => time.now,
    timer: () => ({ cancel: () => {} }),
    async sleep(milliseconds, signal) {
      if (signal?.aborted) return
      time.now += milliseconds
      slept.push(milliseconds)
    },
  }
}

function mailOf(fields: Partial<Mail> = {}): Mail {
  return {
    id: 1,
    to: 'moderator@example.org',
    subject: '[mod.one] Hello',
    messageId: idOf('<1@example.org>'),
    message: Buffer.from('From: a@b.test\r\nNewsgroups: mod.one\r\nSubject: Hello\r\n\r\nHello\r\n'),
    time: 0,
    ...fields,
  }
}

function idOf(text: string): MessageId {
  const id = parseMessageId(text)
  if (id === undefined) throw new Error(text)
  return id
}

/** Which of the fields that name people the mail has. */
function namesIn(octets: Buffer): string[] {
  const [head = ''] = octets.toString('latin1').split('\r\n\r\n')
  const names = head
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n')
    .map(line => line.split(':')[0]?.toLowerCase() ?? '')
  return names.filter(name => ['to', 'cc', 'bcc', 'from', 'sender', 'reply-to'].includes(name))
}

describe('mailer', () => {
  let sink: MailSink
  let smtp: string
  beforeEach(async () => {
    sink = new MailSink()
    smtp = await sink.listen()
  })
  afterEach(() => sink.close())

  /** Runs until the outbox is empty, or `enough`. */
  async function drain(
    mails: readonly Mail[],
    clock = hurriedClock(),
    enough: (outbox: MemoryOutbox) => boolean = () => false,
  ) {
    const stop = new AbortController()
    const outbox = new MemoryOutbox(mails, () => stop.abort())
    const sleep: Clock['sleep'] = async (milliseconds, signal) => {
      if (enough(outbox)) stop.abort()
      await clock.sleep(milliseconds, signal)
    }
    const mailing = { smtp, from: 'news@here.test', identity: 'here.test', log: silentLog }
    await createMailer({ ...mailing, outbox, clock: { ...clock, sleep } }).run(stop.signal)
    return outbox
  }

  it('sends the article whole to the moderator and to nobody else', async () => {
    await drain([mailOf()])
    const [mail] = sink.received
    expect(sink.received).to.have.length(1)
    expect(mail).to.include({ from: 'news@here.test' })
    expect(mail?.to).to.deep.equal(['moderator@example.org'])
    const text = mail?.octets.toString('latin1') ?? ''
    const [head = '', ...parts] = text.split('\r\n\r\n')
    expect(head).to.match(/^X-Tidings-Loop: here\.test$/im)
    expect(head).to.match(/^Auto-Submitted: auto-generated$/im)
    expect(head).to.match(/^Message-ID: <mail\.1\.[0-9a-f]{16}@here\.test>$/im)
    expect(head).to.match(/^Subject: \[mod\.one\] Hello$/m)
    expect(parts.join('\r\n\r\n')).to.match(/Content-Type: message\/rfc822/)
    expect(text).to.include(mailOf().message.toString('latin1'))
  })

  it('puts lines that mail cannot carry into base64', async () => {
    const message = Buffer.from(`From: a@b.test\r\n\r\n${'x'.repeat(999)}\r\n`)
    await drain([mailOf({ message })])
    const text = sink.received[0]?.octets.toString('latin1') ?? ''
    const part = /application\/news-transmission; usage=moderate[\s\S]*?\r\n\r\n([\s\S]*?)\r\n--/.exec(text)
    expect(Buffer.from(part?.[1] ?? '', 'base64').equals(message)).to.equal(true)
    expect(Math.max(...text.split('\r\n').map(line => line.length))).to.be.at.most(998)
  })

  it('carries 8-bit text and lines of dots as they are', async () => {
    const message = Buffer.from('From: a@b.test\r\n\r\nB\xfccher\r\n.\r\n..\r\n', 'latin1')
    await drain([mailOf({ message })])
    expect(sink.received[0]?.octets.includes(message)).to.equal(true)
  })

  it('tries again, and lets one refused recipient not hold up the others', async () => {
    const slept: number[] = []
    const mails = [mailOf({ id: 1, to: 'nobody@example.org' }), mailOf({ id: 2 }), mailOf({ id: 3 })]
    const outbox = await drain(mails, hurriedClock(slept), () => slept.length === 9)
    expect(sink.received).to.have.length(2)
    expect(outbox.mails.map(({ id }) => id)).to.deep.equal([1])
    expect(slept).to.deep.equal([30, 60, 120, 240, 480, 960, 1920, 3600, 3600].map(seconds => seconds * 1000))
  })

  it('delivers once the mail server is back', async () => {
    sink.down = true
    const clock = hurriedClock()
    const back: Clock['sleep'] = async (milliseconds, signal) => {
      sink.down = false
      await clock.sleep(milliseconds, signal)
    }
    await drain([mailOf()], { ...clock, sleep: back })
    expect(sink.received).to.have.length(1)
  })

  it('sends nothing without a mail server, and wants a sender', async () => {
    const outbox = new MemoryOutbox([mailOf()], () => {})
    const mailing = { identity: 'here.test', outbox, clock: hurriedClock(), log: silentLog }
    await createMailer({ ...mailing, smtp: '', from: '' }).run(new AbortController().signal)
    expect(outbox.mails).to.have.length(1)
    expect(() => createMailer({ ...mailing, smtp, from: 'a@b.test, c@d.test' })).to.throw(/^mail\.from/)
    for (const wrong of ['mail.test', 'http://mail.test', 'smtp://']) {
      expect(() => createMailer({ ...mailing, smtp: wrong, from: 'a@b.test' })).to.throw(/^mail\.smtp/)
    }
  })

  it('reaches exactly the configured recipient, whatever subject and article hold', async function () {
    this.timeout(60_000)
    const evil = fc.constantFrom(
      '\r\nBcc: v@evil.test',
      '\nTo: v@evil.test',
      '\r\n.\r\nMAIL FROM:<v@evil.test>\r\n',
      '\n.\n',
      '\u2028Cc: v@evil.test',
      '<v@evil.test>',
      '"v" <v@evil.test>, ',
      'é',
      '\0',
      ' ',
    )
    const text = fc
      .array(fc.oneof(evil, fc.string({ maxLength: 8 })), { maxLength: 8 })
      .map(parts => parts.join(''))
    const mails = fc.array(fc.record({ subject: text, article: text }), { minLength: 25, maxLength: 25 })
    await fc.assert(
      fc.asyncProperty(mails, async hostile => {
        sink.received.length = 0
        // Side by side: the mail server waits a while before it greets.
        await Promise.all(
          hostile.map(({ subject, article }) => {
            const message = Buffer.from(`To: v@evil.test\r\nSubject: x\r\n\r\n${article}\r\n`)
            return drain([mailOf({ subject, message })])
          }),
        )
        expect(sink.received).to.have.length(hostile.length)
        for (const { from, to, octets } of sink.received) {
          expect([from, ...to]).to.deep.equal(['news@here.test', 'moderator@example.org'])
          expect(namesIn(octets)).to.have.members(['from', 'to'])
        }
      }),
      { numRuns: 10 },
    )
  })

  it('hands over no recipient that is not one address', async () => {
    const slept: number[] = []
    const hostile = [
      'm@x.test\r\nBcc: v@evil.test',
      'a@b.test, v@evil.test',
      '<a@b.test>',
      '"a"@b.test',
      'v@evil.test ',
    ]
    const mails = hostile.map((to, i) => mailOf({ id: i + 1, to }))
    const outbox = await drain(mails, hurriedClock(slept), () => slept.length === 3)
    expect(sink.received).to.have.length(0)
    expect(outbox.mails).to.have.length(hostile.length)
  })
})

describe('mails that wait', () => {
  /** Sends nothing until it is told to. */
  class Desk {
    readonly clock = new ManualClock()
    readonly tried: number[] = []
    /** Events in the log. */
    readonly said: string[] = []
    fault: Error | undefined = new Error('451 not now')
    readonly outbox = new MemoryOutbox([mailOf(), mailOf({ id: 2, subject: 'Two' })], () => {})
    readonly queue = new MailQueue({
      outbox: this.outbox,
      clock: this.clock,
      log: {
        ...silentLog,
        info: (_facts, event) => this.said.push(event),
        warn: (_facts, event) => this.said.push(event),
      },
      send: async mail => {
        this.tried.push(mail.id)
        if (this.fault) throw this.fault
      },
    })
    readonly #stop = new AbortController()
    readonly running = this.queue.run(this.#stop.signal)

    async end(): Promise<void> {
      this.#stop.abort()
      await this.running
    }
  }

  it('are told with their tries, the last error and the next try', async () => {
    const desk = new Desk()
    await desk.clock.advance(30_000)
    await desk.clock.advance(15_000)
    const [one, two] = await desk.queue.waiting(10)
    expect(one).to.deep.equal({
      ...{ id: 1, to: 'moderator@example.org', subject: '[mod.one] Hello', messageId: '<1@example.org>' },
      ...{ octets: mailOf().message.length, time: 0, tries: 2, lastError: '451 not now', retryIn: 45_000 },
    })
    expect(two).to.include({ subject: 'Two', tries: 2 })
    expect(await desk.queue.waiting(1)).to.have.length(1)
    await desk.end()
  })

  it('are tried at once when they are asked for, one or all, and go on waiting where that fails', async () => {
    const desk = new Desk()
    await settled()
    expect(desk.tried).to.deep.equal([1, 2])
    desk.queue.retry(2)
    await settled()
    expect(desk.tried).to.deep.equal([1, 2, 2])
    expect((await desk.queue.waiting(9)).map(({ tries }) => tries)).to.deep.equal([1, 2])
    desk.fault = undefined
    desk.queue.retry()
    await settled()
    expect(desk.tried).to.deep.equal([1, 2, 2, 1, 2])
    expect(await desk.queue.waiting(9)).to.deep.equal([])
    await desk.end()
  })

  it('are dropped for good, also while others are sent', async () => {
    const desk = new Desk()
    await settled()
    await desk.queue.drop(1)
    desk.fault = undefined
    await desk.clock.advance(3_600_000)
    expect(desk.tried).to.deep.equal([1, 2, 2])
    await desk.end()

    const late = new Desk()
    late.fault = undefined
    // The round has both in hand when the second is dropped.
    await late.queue.drop(2)
    await settled()
    expect(late.tried).to.deep.equal([1])
    expect(late.said).to.deep.equal(['mail dropped', 'mail sent'])
    await late.end()
  })

  it('are not dropped where that cannot be noted, and then are sent', async () => {
    const desk = new Desk()
    await settled()
    const done = desk.outbox.done.bind(desk.outbox)
    desk.outbox.done = async () => {
      throw new Error('no space')
    }
    const refused = await desk.queue.drop(1).catch(String)
    expect(refused).to.equal('Error: no space')
    desk.outbox.done = done
    desk.fault = undefined
    desk.queue.retry()
    await settled()
    expect(desk.tried).to.deep.equal([1, 2, 1, 2])
    expect(desk.outbox.mails).to.deep.equal([])
    await desk.end()
  })

  it('are not on record as sent where they were dropped', async () => {
    const outbox = new MemoryOutbox([mailOf()], () => {})
    const told: string[] = []
    const tell = (_: object, text: string) => void told.push(text)
    const log = { ...silentLog, info: tell, warn: tell }
    const queue = new MailQueue({ outbox, clock: new ManualClock(), log, send: async () => {} })
    const stop = new AbortController()
    // The round has it in hand.
    const running = queue.run(stop.signal)
    await queue.drop(1)
    await settled()
    stop.abort()
    await running
    expect(told).to.deep.equal(['mail dropped'])
  })

  it('wait without a next try where there is no mail server', async () => {
    const { outbox, clock } = new Desk()
    const queue = new MailQueue({ outbox: new MemoryOutbox([mailOf()], () => {}), clock, log: silentLog })
    await queue.run(new AbortController().signal)
    expect(queue.sends).to.equal(false)
    expect((await queue.waiting(9))[0])
      .to.include({ tries: 0, lastError: '' })
      .and.not.have.property('retryIn')
    expect(outbox.mails).to.have.length(2)
  })
})
