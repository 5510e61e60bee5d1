/** The dialogue of a newsreader, as far as a pull needs it. RFC 3977 5.3, 6.1.1, 7.6.3, 8.3; RFC 2980 2.8; RFC 4643 */
import { safeText } from '../../reason.ts'
import type { Wildmat } from '../../wildmat.ts'
import { type NntpClient, NntpFault } from '../link/nntp-client.ts'
import type { Reply } from '../link/reply-reader.ts'

export interface RemoteGroup {
  readonly name: string
  readonly low: number
  readonly high: number
  readonly status: string
}

/** What overview tells of an article. */
export interface Known {
  readonly number: number
  readonly messageId: string
  /** The Date header, one character an octet. */
  readonly date: string
}

/** `too much`: the answer is damaged or larger than is read; ask for less. `unable`: the server has no overview. */
export type OverviewAnswer = readonly Known[] | 'too much' | 'unable'

/** Octets of a command line. RFC 3977 3.1: 512 */
const longestWildmat = 400

const said = ({ code, text }: Reply) => `"${safeText(`${code} ${text}`.trimEnd())}"`
/** UTF-8 as the client writes it, an octet a character. RFC 4643 2.3.2, RFC 3977 4.1 */
const octets = (text: string) => Buffer.from(text, 'utf8').toString('latin1')

export class ReaderSession {
  readonly client: NntpClient
  #overview: 'OVER' | 'XOVER' | undefined = 'OVER'

  constructor(client: NntpClient) {
    this.client = client
  }

  /** Groups that match, in name order. */
  async groups(wildmat: Wildmat): Promise<RemoteGroup[]> {
    const pattern = octets(wildmat.text)
    let reply = await this.client.ask(pattern.length > longestWildmat ? 'LIST' : `LIST ACTIVE ${pattern}`)
    if (reply.code === 500 || reply.code === 501 || reply.code === 503) reply = await this.client.ask('LIST')
    if (reply.code !== 215) throw new NntpFault(`it does not list its groups: ${said(reply)}`)
    const groups = (await this.client.lines()).map(remoteGroup)
    return groups
      .filter(group => group !== undefined)
      .filter(({ name }) => wildmat.matches(name))
      .sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  /** Selects a group; undefined where it is gone or closed to us. */
  async select(name: string): Promise<{ readonly low: number; readonly high: number } | undefined> {
    const reply = await this.client.ask(`GROUP ${name}`)
    if (reply.code === 480 || reply.code === 400)
      throw new NntpFault(`it does not let us read: ${said(reply)}`)
    const [, low, high] = /^\d+ (\d{1,15}) (\d{1,15})( |$)/.exec(reply.text) ?? []
    return reply.code === 211 && low !== undefined ? { low: Number(low), high: Number(high) } : undefined
  }

  /** Articles of the selected group, in number order. RFC 3977 8.3: 423 where there are none. */
  async overview(low: number, high: number): Promise<OverviewAnswer> {
    if (this.#overview === undefined) return 'unable'
    const reply = await this.client.ask(`${this.#overview} ${low}-${high}`)
    if (reply.code === 224) {
      const block = await this.client.block()
      return block.ok ? knownIn(block.wire.toString('latin1'), { low, high }) : 'too much'
    }
    if (reply.code === 423 || reply.code === 420) return []
    if (reply.code === 400 || reply.code === 480)
      throw new NntpFault(`it does not let us read: ${said(reply)}`)
    this.#overview = this.#overview === 'OVER' ? 'XOVER' : undefined
    return this.overview(low, high)
  }
}

function remoteGroup(line: string): RemoteGroup | undefined {
  const [name = '', high = '', low = '', status = ''] = line.split(/[ \t]+/)
  if (!/^\d{1,15}$/.test(high) || !/^\d{1,15}$/.test(low)) return undefined
  return { name, low: Number(low), high: Number(high), status }
}

function knownIn(text: string, { low, high }: { low: number; high: number }): Known[] {
  const found = new Map<number, Known>()
  for (const line of text.split('\r\n')) {
    const [first = '', , , date = '', messageId = ''] = line.split('\t')
    const number = /^\d{1,15}$/.test(first) ? Number(first) : 0
    if (number >= low && number <= high && number > 0) found.set(number, { number, messageId, date })
  }
  return [...found.values()].sort((a, b) => a.number - b.number)
}
