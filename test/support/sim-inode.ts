/** The content of one simulated file: what is written, what is durable, and what a crash may leave. */

/** From 0 to below 1. */
export type Random = () => number

const sector = 512
const empty: Buffer = Buffer.alloc(0)

export class Inode {
  #durable = empty
  #content = empty
  /** States since the last sync, oldest first: a crash may find any, or a torn one between two. */
  #states: Buffer[] = []
  /** After a failed sync the system believes the octets clean: no later sync makes them durable. */
  #poisoned = false
  /** Where `content` grows; the views of earlier states stay as they are. */
  #room = empty
  #used = 0

  constructor(durable = empty) {
    this.#durable = durable
    this.#content = durable
  }

  /** What a reader sees. */
  get content(): Buffer {
    return this.#content
  }

  copy(): Inode {
    const copy = new Inode(this.#durable)
    copy.#content = this.#content
    copy.#states = [...this.#states]
    copy.#poisoned = this.#poisoned
    return copy
  }

  append(octets: Buffer): void {
    const start = this.#content.length
    const end = start + octets.length
    if (this.#used !== start || end > this.#room.length) {
      this.#room = Buffer.alloc(end * 2)
      this.#room.set(this.#content)
    }
    this.#room.set(octets, start)
    this.#used = end
    this.#change(this.#room.subarray(0, end))
  }

  truncate(length: number): void {
    this.#change(this.#content.subarray(0, length))
  }

  sync(): void {
    if (this.#poisoned) return
    this.#durable = this.#content
    this.#states = []
  }

  poison(): void {
    this.#poisoned = true
  }

  survivor(random: Random): Buffer {
    const states = [this.#durable, ...this.#states]
    const reached = Math.floor(random() * states.length)
    const before = states[reached] ?? empty
    const next = states[reached + 1] ?? empty
    const torn = before.length + Math.floor(random() * Math.max(0, next.length - before.length + 1))
    // Not below the shortest length on the way: what was behind it was written since the last sync.
    const settled = Math.min(...states.slice(0, reached + 1).map(state => state.length))
    return lose(torn > before.length ? next.subarray(0, torn) : before, settled, random)
  }

  #change(content: Buffer): void {
    this.#content = content
    this.#states.push(content)
  }
}

/** Sometimes the length got to the disk, and some sectors behind `settled` did not. */
function lose(content: Buffer, settled: number, random: Random): Buffer {
  const survivor = Buffer.from(content)
  if (random() < 0.5) return survivor
  for (let at = settled; at < survivor.length; ) {
    const end = Math.min(at + sector - (at % sector), survivor.length)
    if (random() < 0.3) survivor.fill(0, at, end)
    at = end
  }
  return survivor
}
