/** Memory for the many small values of commit groups: slices of slabs, which cost far less than buffers of their own. */

/** Gives `octets` octets of memory that is not cleared. */
export type Room = (octets: number) => Buffer

const slabOctets = 256 * 1024
/** What is larger stands alone: it would leave too much of a slab unused. */
const largest = slabOctets / 4

/** Slices are never given twice; a slab goes when the last of its slices does, so keep those of one time together. */
export class Arena {
  #slab: Buffer = Buffer.alloc(0)
  #used = 0

  readonly room: Room = octets => {
    if (octets > largest) return Buffer.allocUnsafeSlow(octets)
    if (this.#used + octets > this.#slab.length) {
      this.#slab = Buffer.allocUnsafeSlow(slabOctets)
      this.#used = 0
    }
    const from = this.#used
    this.#used += octets
    return this.#slab.subarray(from, this.#used)
  }
}
