/** What is said on a new connection to a peer before the first article. RFC 3977 5.1, 5.2; RFC 4644 2.3 */
import { safeText } from '../reason.ts'
import { parseReply } from './reply-reader.ts'

export type FeedMode = 'streaming' | 'ihave'

export type Step =
  | { readonly kind: 'say'; readonly line: string }
  /** More lines of the same answer follow. */
  | { readonly kind: 'more' }
  | { readonly kind: 'ready'; readonly mode: FeedMode }
  | { readonly kind: 'fail'; readonly why: string }

/** Lines of CAPABILITIES that are read before the peer is taken for mad. */
const mostCapabilities = 200

const more: Step = { kind: 'more' }
const say = (line: string): Step => ({ kind: 'say', line })
const fail = (why: string): Step => ({ kind: 'fail', why })

/** A state machine without I/O: every line the peer sends goes in, what to do next comes out. */
export class Handshake {
  readonly #streaming: boolean
  #state: 'greeting' | 'capabilities' | 'list' | 'mode' = 'greeting'
  #list: string[] = []

  /** `streaming` false: IHAVE alone, whatever the peer can. */
  constructor(streaming: boolean) {
    this.#streaming = streaming
  }

  next(line: string): Step {
    if (this.#state === 'list') return this.#listed(line)
    const reply = parseReply(line)
    if (reply === undefined) return fail(`the peer does not speak NNTP: "${safeText(line)}"`)
    if (this.#state === 'greeting') return this.#greeted(reply.code, line)
    if (reply.code === 400) return fail(`the peer said "${safeText(line)}"`)
    if (this.#state === 'mode') return { kind: 'ready', mode: reply.code === 203 ? 'streaming' : 'ihave' }
    if (reply.code === 101) {
      this.#state = 'list'
      return more
    }
    // RFC 3977 5.2 is younger than many peers: without the list, MODE STREAM tells.
    return this.#ask()
  }

  #greeted(code: number, line: string): Step {
    if (code !== 200 && code !== 201) return fail(`the peer does not let us in: "${safeText(line)}"`)
    this.#state = 'capabilities'
    return say('CAPABILITIES')
  }

  #listed(line: string): Step {
    if (line !== '.') {
      if (this.#list.length >= mostCapabilities) return fail('the peer lists capabilities without end')
      this.#list.push((line.split(/[ \t]/)[0] ?? '').toUpperCase())
      return more
    }
    if (this.#list.includes('STREAMING')) return this.#ask()
    if (this.#list.includes('IHAVE')) return { kind: 'ready', mode: 'ihave' }
    return fail('the peer offers neither IHAVE nor STREAMING: it does not know us as a peer')
  }

  #ask(): Step {
    if (!this.#streaming) return { kind: 'ready', mode: 'ihave' }
    this.#state = 'mode'
    // RFC 4644 2.3.2: needed by no one in theory, and by old peers in practice.
    return say('MODE STREAM')
  }
}
