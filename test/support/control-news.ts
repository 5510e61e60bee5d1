/** Control messages as a peer brings them to a node with rules for them, and what became of each. */
import { Article } from '../../src/article.ts'
import type { Config } from '../../src/config/config.ts'
import type { Source } from '../../src/feed/feed.ts'
import type { Node } from '../../src/feed/node.ts'
import type { Origin } from '../../src/feed/origin.ts'
import { Reason } from '../../src/reason.ts'
import { wireFromText } from '../../src/wire.ts'
import { ManualClock } from './manual-clock.ts'
import { type MemoryParts, testConfig, testNode } from './node.ts'

export type Fields = Readonly<Record<string, string>>

interface Recorded {
  readonly event: string
  readonly fields: Readonly<{ [name: string]: string | number | boolean }>
}

const source: Source = {
  peer: 'peer.example',
  aliases: [],
  address: '192.0.2.1',
  accepts: () => true,
  connection: Symbol('peer'),
}

interface Around {
  readonly clock: ManualClock
  readonly records: Recorded[]
  readonly use: (config: Config) => void
}

export class ControlNews implements AsyncDisposable {
  readonly node: Node
  readonly clock: ManualClock
  /** Of the audit log. */
  readonly records: Recorded[]
  readonly #use: (config: Config) => void
  #count = 0

  private constructor(node: Node, { clock, records, use }: Around) {
    this.node = node
    this.clock = clock
    this.records = records
    this.#use = use
  }

  static async open(
    control: readonly object[],
    more: object = {},
    parts: Partial<MemoryParts> = {},
  ): Promise<ControlNews> {
    const clock = new ManualClock()
    const records: Recorded[] = []
    const audit = {
      record: (event: string, fields: Recorded['fields']) => void records.push({ event, fields }),
      limit: () => {},
    }
    const news: { config: Config } = { config: testConfig({ control, ...more }) }
    const node = await testNode({ ...parts, config: () => news.config, clock, audit })
    const use = (config: Config) => {
      news.config = config
    }
    return new ControlNews(node, { clock, records, use })
  }

  /** The header of a control message, complete but for a signature. */
  fields(control: string, more: Fields = {}): Fields {
    this.#count += 1
    return {
      Path: 'peer.example!not-for-mail',
      From: 'Control <control@example.org>',
      Newsgroups: 'far.admin',
      Subject: `cmsg ${control}`,
      Control: control,
      'Message-ID': `<${this.#count}@far.example>`,
      Date: new Date(this.clock.now()).toUTCString().replace('GMT', '+0000'),
      Approved: 'control@example.org',
      ...more,
    }
  }

  async bring(fields: Fields, body = '', origin: Origin = { kind: 'peer', source }): Promise<void> {
    const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\n`)
    const wire = wireFromText(Buffer.from(`${lines.join('')}\n${body}`, 'latin1'))
    const limits = { header_bytes: 65_536, header_line_bytes: 8_192, headers: 300 }
    const article = Article.parse(wire, limits)
    if (article instanceof Reason) throw new Error(article.text)
    const verdict = await this.node.accept({ article, origin })
    if (verdict.kind !== 'accepted') throw new Error(JSON.stringify(verdict))
  }

  /** Other rules from now on. */
  async reload(control: readonly object[]): Promise<void> {
    this.#use(testConfig({ control }))
    await this.node.reload()
  }

  /** Letters in the outbox. */
  letters() {
    return this.node.storage.mails(1_000)
  }

  /** Resolves when all that was brought has been considered. */
  async settled(): Promise<void> {
    while (this.node.groupControl.behind > 0) await new Promise(resolve => setImmediate(resolve))
  }

  /** `name status description` of groups below far. */
  async groups(): Promise<string[]> {
    const found: string[] = []
    for await (const groups of this.node.storage.reading.groups())
      for (const { name, status, description } of groups)
        if (name.startsWith('far.')) found.push(`${name} ${status} ${description}`.trimEnd())
    return found
  }

  /** What was put on record, in order. */
  get outcomes(): string[] {
    return this.records
      .filter(({ event }) => event === 'control')
      .map(({ fields }) => `${fields.result} ${fields.reason ?? fields.about}`)
  }

  [Symbol.asyncDispose](): PromiseLike<void> {
    return this.node[Symbol.asyncDispose]()
  }
}
