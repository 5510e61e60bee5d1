/** Postings that wait for an administrator: one sealed value each under the hash of the message-ID. */
import type { MessageId } from '../../message-id.ts'
import type { Newsgroup } from '../../newsgroup.ts'
import { seal, unseal } from '../checksum.ts'
import { countKeys, type Store } from '../database/store.ts'
import { allHeld, heldKey } from '../keys.ts'
import { DamagedState } from './damaged-state.ts'

/** A posting that is held: the proto-article, complete but for what an injecting agent adds. RFC 5537 3.5 */
export interface HeldPost {
  readonly messageId: MessageId
  /** Account name; empty where the poster was not logged in. */
  readonly account: string
  readonly address: string
  /** Seconds since 1970, when it was posted. */
  readonly time: number
  /** Those it may be filed in: of its Newsgroups what the poster may see. */
  readonly newsgroups: readonly Newsgroup[]
  /** An Injection-Date is due. RFC 5537 3.5.11 */
  readonly dated: boolean
  /** With Message-ID and Date, in wire form without terminator. */
  readonly article: Buffer
}

export interface Held {
  /** Throws `DamagedState`. */
  find(messageId: string): Promise<HeldPost | undefined>
  /** All of them, in no order, a few at a time. */
  list(): AsyncIterable<readonly HeldPost[]>
  readonly count: number
}

export function encodeHeld({ article, ...head }: HeldPost): Buffer {
  const text = Buffer.from(JSON.stringify(head))
  const length = Buffer.allocUnsafe(4)
  length.writeUInt32BE(text.length)
  return seal(Buffer.concat([length, text, article]))
}

function decodeHeld(value: Buffer): HeldPost {
  const octets = unseal(value)
  if (octets === undefined) throw new DamagedState('an article held for release')
  const end = 4 + octets.readUInt32BE(0)
  return { ...JSON.parse(octets.toString('utf8', 4, end)), article: octets.subarray(end) }
}

export const countHeld = (state: Store): Promise<number> => countKeys(state, allHeld)

export class StoredHeld implements Held {
  readonly #state: Store
  readonly #count: () => number

  constructor(state: Store, count: () => number) {
    this.#state = state
    this.#count = count
  }

  get count(): number {
    return this.#count()
  }

  async find(messageId: string): Promise<HeldPost | undefined> {
    const value = await this.#state.get(heldKey(messageId))
    return value && decodeHeld(value)
  }

  async *list(): AsyncGenerator<readonly HeldPost[]> {
    for await (const pairs of this.#state.iterate(allHeld, 16))
      yield pairs.map(({ value }) => decodeHeld(value))
  }
}
