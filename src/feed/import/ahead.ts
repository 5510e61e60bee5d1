/** Work that is begun before its turn comes, so that waiting for a disk is waited for once and not for each file. */

/** What `begin` gives for each item, in the order of `source`; up to `most` of them are under way. */
export async function* ahead<T, R>(
  source: AsyncIterable<T>,
  most: number,
  begin: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const begun: Promise<R>[] = []
  try {
    for await (const item of source) {
      begun.push(begin(item))
      const first = begun.length < most ? undefined : begun.shift()
      if (first !== undefined) yield await first
    }
    for (let first = begun.shift(); first !== undefined; first = begun.shift()) yield await first
  } finally {
    // Nobody reads these any more, and their failures are nobody's.
    await Promise.allSettled(begun)
  }
}
