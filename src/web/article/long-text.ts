/**
 * A page around a text that is long: the text is filled in a part at a time, so that nobody is held up meanwhile.
 * Everything here came out of a view.
 */
import type { BodyBlock, Render, Rendered } from '../render.ts'
import type { Words } from '../words/english.ts'

/** Pieces and blocks that a view is given at once: well under a millisecond. */
const most = 150

export interface LongText {
  readonly render: Render
  readonly words: Words
  /** Stands where the text comes in; nobody can write it into an article that is there already. */
  readonly seam: string
}

/** Whether filling it in at once would take long. */
export function isLong(blocks: readonly BodyBlock[]): boolean {
  let left = most
  for (const block of blocks) {
    left -= weightOf(block)
    if (left < 0) return true
  }
  return false
}

/** `around` has the seam once, where the blocks belong. A pause behind each part. */
export function* filledIn(
  around: Rendered,
  blocks: readonly BodyBlock[],
  text: LongText,
): Generator<void, Rendered> {
  yield
  const [before = '', behind = ''] = around.split(text.seam)
  return `${before}${yield* blocksIn(blocks, text)}${behind}` as Rendered
}

// Recursion: as deep as quotes count.
function* blocksIn(blocks: readonly BodyBlock[], text: LongText): Generator<void, string> {
  const { render, words } = text
  let markup = ''
  for (const some of divided(blocks, weightOf)) {
    const [only] = some
    if (some.length === 1 && only !== undefined && weightOf(only) > most) markup += yield* blockIn(only, text)
    else markup += render('blocks', { blocks: some }, words)
    yield
  }
  return markup
}

function* blockIn(block: BodyBlock, text: LongText): Generator<void, string> {
  const { render, words, seam } = text
  const around = render('blocks', { blocks: [{ ...block, pieces: [], blocks: [], seam }] }, words)
  const [before = '', behind = ''] = around.split(seam)
  let markup = yield* blocksIn(block.blocks, text)
  for (const pieces of divided(block.pieces, () => 1)) {
    markup += render('marked', { pieces }, words)
    yield
  }
  return `${before}${markup}${behind}`
}

/** In runs of no more than `most`; what is heavier stands alone. */
function* divided<Item>(items: readonly Item[], weigh: (item: Item) => number): Generator<readonly Item[]> {
  let some: Item[] = []
  let weight = 0
  for (const item of items) {
    const more = weigh(item)
    if (some.length > 0 && weight + more > most) {
      yield some
      some = []
      weight = 0
    }
    some.push(item)
    weight += more
  }
  if (some.length > 0) yield some
}

function weightOf({ pieces, blocks }: BodyBlock): number {
  return blocks.reduce((sum, block) => sum + weightOf(block), 1 + pieces.length)
}
