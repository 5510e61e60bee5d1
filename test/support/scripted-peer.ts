/** A peer that takes articles, or does whatever a test wants of it. */
import type { Duplex } from 'node:stream'

/** What to send; `hang up` ends the connection; undefined is what a good peer says. */
export type Reaction = string | undefined

export interface Script {
  readonly greeting?: string
  /** Undefined: CAPABILITIES is unknown. */
  readonly capabilities?: readonly string[] | undefined
  readonly streaming?: boolean
  /** `verb` is upper case; BLOCK is the article after 335 or TAKETHIS. */
  readonly react?: (verb: string, id: string, peer: ScriptedPeer) => Reaction
}

export const hangUp = 'hang up'
export const silence = ''

export class ScriptedPeer {
  /** Command lines, in order. */
  readonly lines: string[] = []
  /** Articles by message-ID, as they came, without terminator. */
  readonly articles = new Map<string, string>()
  /** Every transfer, repeats too. */
  readonly transfers: string[] = []
  readonly stream: Duplex
  readonly #script: Script
  readonly #have: Set<string>
  #rest = ''
  /** It has said 400 or hung up, and looks at nothing any more. */
  #gone = false
  #expected: { verb: 'IHAVE' | 'TAKETHIS'; id: string } | undefined

  constructor(stream: Duplex, script: Script = {}, have = new Set<string>()) {
    this.stream = stream
    this.#script = script
    this.#have = have
    stream.on('data', (chunk: Buffer) => this.#receive(chunk.toString('latin1')))
    stream.on('error', () => undefined)
    this.say(script.greeting ?? '200 hello')
  }

  /** Gives undefined, so that a script can say more than one thing. */
  say(line: string): undefined {
    if (this.stream.writable) this.stream.write(`${line}\r\n`, 'latin1')
  }

  #receive(text: string): void {
    this.#rest += text
    while (this.#next());
  }

  #next(): boolean {
    if (this.#gone) return false
    if (this.#expected) {
      const empty = this.#rest.startsWith('.\r\n')
      const end = empty ? -2 : this.#rest.indexOf('\r\n.\r\n')
      if (!empty && end < 0) return false
      const article = empty ? '' : this.#rest.slice(0, end + 2)
      this.#rest = this.#rest.slice(end + 5)
      this.#transferred(article)
      return true
    }
    const end = this.#rest.indexOf('\r\n')
    if (end < 0) return false
    const line = this.#rest.slice(0, end)
    this.#rest = this.#rest.slice(end + 2)
    this.lines.push(line)
    this.#command(line)
    return true
  }

  #transferred(article: string): void {
    const { verb, id } = this.#expected ?? { verb: 'IHAVE', id: '' }
    this.#expected = undefined
    this.transfers.push(id)
    const known = this.#have.has(id)
    const reaction = this.#script.react?.('BLOCK', id, this)
    const good = known
      ? verb === 'IHAVE'
        ? '437 Duplicate'
        : `439 ${id}`
      : verb === 'IHAVE'
        ? '235'
        : `239 ${id}`
    const said = reaction ?? good
    if (/^23[59]/.test(said)) {
      this.#have.add(id)
      this.articles.set(id, article)
    }
    this.#do(said)
  }

  #command(line: string): void {
    const [verb = '', id = ''] = line.split(' ')
    const reaction = this.#script.react?.(verb, id, this)
    if (verb === 'TAKETHIS') {
      this.#expected = { verb, id }
      return
    }
    const said = reaction ?? this.#good(verb, id)
    if (said.startsWith('335')) this.#expected = { verb: 'IHAVE', id }
    this.#do(said)
  }

  #good(verb: string, id: string): string {
    switch (verb) {
      case 'CAPABILITIES':
        return 'capabilities' in this.#script && this.#script.capabilities === undefined
          ? '500 what?'
          : ['101 list', 'VERSION 2', ...(this.#script.capabilities ?? ['IHAVE', 'STREAMING']), '.'].join(
              '\r\n',
            )
      case 'MODE':
        return this.#script.streaming === false ? '501 no' : '203 stream'
      case 'CHECK':
        return this.#have.has(id) ? `438 ${id}` : `238 ${id}`
      case 'IHAVE':
        return this.#have.has(id) ? '435 no' : '335 go on'
      case 'QUIT':
        return '205 bye'
      default:
        return '500 what?'
    }
  }

  #do(said: string): void {
    if (said === hangUp || said.startsWith('400')) this.#gone = true
    if (said === hangUp) this.stream.end()
    else if (said !== silence) this.say(said)
  }
}
