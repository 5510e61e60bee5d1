import { request } from 'node:http'
import { expect } from 'chai'
import { RunningSite } from '../../support/running-site.ts'

/** An open stream of events, and what has come of it. */
class Stream implements AsyncDisposable {
  readonly status: number
  readonly headers: NodeJS.Dict<string | string[]>
  #text = ''
  #over = false
  #wake = () => {}
  readonly #destroy: () => void

  private constructor(incoming: import('node:http').IncomingMessage) {
    this.status = incoming.statusCode ?? 0
    this.headers = incoming.headers
    this.#destroy = () => incoming.destroy()
    incoming.on('data', chunk => {
      this.#text += chunk
      this.#wake()
    })
    incoming.on('error', () => {})
    incoming.on('close', () => {
      this.#over = true
      this.#wake()
    })
  }

  static open(address: string, headers: Record<string, string> = {}): Promise<Stream> {
    return new Promise((resolve, reject) => {
      request(address, { headers, agent: false }, incoming => resolve(new Stream(incoming)))
        .on('error', reject)
        .end()
    })
  }

  /** All that has come, once it has this in it. */
  async shows(part: string): Promise<string> {
    while (!this.#text.includes(part)) {
      if (this.#over) throw new Error(`ended without ${part}: ${this.#text}`)
      await this.#more()
    }
    return this.#text
  }

  async ended(): Promise<string> {
    while (!this.#over) await this.#more()
    return this.#text
  }

  #more(): Promise<void> {
    return new Promise(resolve => {
      this.#wake = resolve
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#destroy()
  }
}

describe('web: /events', () => {
  let site: RunningSite
  before(async () => {
    const more = '[[access]]\nread = "*,!local.other"\npost = "*"\n'
    site = await RunningSite.start('live.example', more, { web: true })
  })
  after(() => site[Symbol.asyncDispose]())

  it('tells of an article when it is durable, and goes on from the last one after a break', async () => {
    const subject = '=?UTF-8?Q?Gr=C3=BC=C3=9Fe?='
    const place = await (async () => {
      await using stream = await Stream.open(`${site.web}/events?groups=local.*`)
      expect(stream.status).to.equal(200)
      expect(stream.headers['content-type']).to.equal('text/event-stream; charset=utf-8')
      expect(stream.headers['cache-control']).to.equal('no-store, no-transform')
      await stream.shows('id: ')
      await site.post('<one@live.example>', { Subject: subject })
      const text = await stream.shows('}\n\n')
      const [, id, data] = /id: (\S+)\nevent: article\ndata: (.*)\n\n/.exec(text) ?? []
      expect(JSON.parse(data ?? '')).to.deep.equal({
        group: 'local.test',
        number: 1,
        messageId: '<one@live.example>',
        subject: 'Grüße',
        from: 'a@example.org',
        address: '/m/one@live.example/',
        references: [],
      })
      return id ?? ''
    })()
    await site.post('<two@live.example>')
    await using again = await Stream.open(`${site.web}/events?groups=local.*`, { 'Last-Event-ID': place })
    expect(await again.shows('<two@live.example>')).not.to.contain('<one@')
    await using page = await Stream.open(`${site.web}/events?groups=local.*&after=${place}`)
    await page.shows('<two@live.example>')
  })

  it('says nothing of groups that may not be read', async () => {
    await using stream = await Stream.open(`${site.web}/events?groups=*`)
    await stream.shows('id: ')
    await site.post('<hidden@live.example>', { Newsgroups: 'local.other' })
    await site.post('<both@live.example>', { Newsgroups: 'local.other,local.test' })
    const text = await stream.shows('<both@live.example>')
    expect(text).not.to.contain('<hidden@').and.not.to.contain('local.other')
  })

  it('refuses what is no pattern', async () => {
    await using stream = await Stream.open(`${site.web}/events?groups=${encodeURIComponent('a,,b')}`)
    expect(stream.status).to.equal(400)
    await using long = await Stream.open(`${site.web}/events?groups=${'a'.repeat(2000)}`)
    expect(long.status).to.equal(400)
  })

  it('ends when the node stops, which waits for nobody', async () => {
    await using stream = await Stream.open(`${site.web}/events`)
    await stream.shows('id: ')
    await site.end()
    await stream.ended()
  })
})
