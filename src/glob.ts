/**
 * One pattern against one text, anchored at both ends, in time O(pattern × text): what wildmats
 * (RFC 3977 4.2) and XPAT (RFC 2980 2.9) have in common. Not a RegExp, which some patterns would keep busy for ever.
 */

export type Matcher = (text: string) => boolean

/** `*` is any run of characters, `?` one character (a code point); all else is itself. */
export function compileGlob(pattern: string): Matcher {
  return pattern.includes('?') ? compileProgram(pattern, false) : compileLiterals(pattern.split('*'))
}

/** As `compileGlob`, and `[a-z]`, `[^a-z]` are sets, `\` quotes. A pattern left open matches nothing. INN does so. */
export function compilePattern(pattern: string): Matcher {
  const quoting = pattern.includes('[') || pattern.includes('\\')
  return quoting ? compileProgram(pattern, true) : compileGlob(pattern)
}

function compileProgram(pattern: string, quoting: boolean): Matcher {
  const program = parseProgram(pattern, quoting)
  return program === undefined ? () => false : runner(program)
}

/** What stands between the `*` must come in that order, each as early as it can. */
function compileLiterals([first = '', ...rest]: readonly string[]): Matcher {
  const last = rest.pop()
  if (last === undefined) return text => text === first
  const middle = rest.filter(segment => segment !== '')
  if (middle.length === 0 && last === '') return text => text.startsWith(first)
  return text => {
    const end = text.length - last.length
    if (end < first.length || !text.startsWith(first) || !text.endsWith(last)) return false
    let at = first.length
    for (const segment of middle) {
      const found = text.indexOf(segment, at)
      if (found < 0) return false
      at = found + segment.length
    }
    return at <= end
  }
}

interface CharacterSet {
  readonly negated: boolean
  /** Of code points, both ends included. */
  readonly ranges: readonly (readonly [number, number])[]
}

/** One character of the text: this code point, any, or one of a set. */
type Item = number | 'any' | CharacterSet

interface Program {
  readonly items: readonly Item[]
  /** Before which items (and, as the last, behind all) a `*` stands. */
  readonly runs: ReadonlySet<number>
}

const star = 0x2a
const question = 0x3f
const backslash = 0x5c
const open = 0x5b
const close = 0x5d
const caret = 0x5e
const hyphen = 0x2d

/** Undefined where a set or a quote is left open. Without `quoting`, `[` and `\` are themselves. */
function parseProgram(pattern: string, quoting: boolean): Program | undefined {
  const items: Item[] = []
  const runs = new Set<number>()
  let at = 0
  while (at < pattern.length) {
    let c = pattern.codePointAt(at) ?? 0
    at += width(c)
    if (c === star) {
      runs.add(items.length)
    } else if (c === question) {
      items.push('any')
    } else if (quoting && c === open) {
      const set = parseSet(pattern, at)
      if (set === undefined) return undefined
      at = set.end
      items.push(set)
    } else {
      if (quoting && c === backslash) {
        if (at === pattern.length) return undefined
        c = pattern.codePointAt(at) ?? 0
        at += width(c)
      }
      items.push(c)
    }
  }
  return { items, runs }
}

/** The set whose `[` stands before `start`. A `]` that comes first, and a `-` at either end, are themselves. */
function parseSet(pattern: string, start: number): (CharacterSet & { end: number }) | undefined {
  const negated = pattern.charCodeAt(start) === caret
  const first = negated ? start + 1 : start
  const ranges: [number, number][] = []
  let at = first
  while (at < pattern.length) {
    const low = pattern.codePointAt(at) ?? 0
    if (low === close && at > first) return { negated, ranges, end: at + 1 }
    at += width(low)
    const high = pattern.codePointAt(at + 1) ?? close
    if (pattern.charCodeAt(at) === hyphen && high !== close) {
      ranges.push([low, high])
      at += 1 + width(high)
    } else {
      ranges.push([low, low])
    }
  }
  return undefined
}

function accepts(item: Item | undefined, c: number): boolean {
  if (typeof item !== 'object') return item === 'any' || item === c
  for (const [low, high] of item.ranges) if (c >= low && c <= high) return !item.negated
  return item.negated
}

/**
 * All ways through the pattern at once, a bit each: bit i is set while the first i items match what was read. A
 * character moves the bits whose item accepts it up by one, and a `*` keeps its bit where it is.
 */
function runner({ items, runs }: Program): Matcher {
  const words = (items.length >>> 5) + 1
  const loops = bits(words, index => runs.has(index))
  const edges = edgesOf(items)
  const masks = new Map<number, Int32Array>()
  const maskOf = (c: number): Int32Array => {
    const alike = lastUpTo(edges, c)
    const known = masks.get(alike)
    if (known !== undefined) return known
    const mask = bits(words, index => accepts(items[index], c))
    masks.set(alike, mask)
    return mask
  }
  return text => {
    const state = new Int32Array(words)
    state[0] = 1
    for (let at = 0; at < text.length; ) {
      const c = text.codePointAt(at) ?? 0
      if (!advance(state, maskOf(c), loops)) return false
      at += width(c)
    }
    return ((state[words - 1] ?? 0) & (1 << (items.length & 31))) !== 0
  }
}

/** Where code points begin to be treated otherwise: between two of these all are alike, so a text in any script needs few masks. */
function edgesOf(items: readonly Item[]): readonly number[] {
  const edges = new Set([0])
  for (const item of items) {
    if (item === 'any') continue
    for (const [low, high] of typeof item === 'number' ? [[item, item] as const] : item.ranges)
      edges.add(low).add(high + 1)
  }
  return [...edges].sort((a, b) => a - b)
}

/** The index of the last edge that is not above `c`; the first one is 0. */
function lastUpTo(edges: readonly number[], c: number): number {
  let low = 0
  let high = edges.length
  while (high - low > 1) {
    const middle = (low + high) >>> 1
    if ((edges[middle] ?? 0) <= c) low = middle
    else high = middle
  }
  return low
}

/** False when no way is left. */
function advance(state: Int32Array, mask: Int32Array, loops: Int32Array): boolean {
  let carry = 0
  let alive = 0
  for (let word = 0; word < state.length; word++) {
    const here = state[word] ?? 0
    const moved = here & (mask[word] ?? 0)
    const next = (moved << 1) | carry | (here & (loops[word] ?? 0))
    carry = moved >>> 31
    state[word] = next
    alive |= next
  }
  return alive !== 0
}

function bits(words: number, isSet: (index: number) => boolean): Int32Array {
  const result = new Int32Array(words)
  for (let index = 0; index < words * 32; index++) {
    if (isSet(index)) result[index >>> 5] = (result[index >>> 5] ?? 0) | (1 << (index & 31))
  }
  return result
}

function width(c: number): number {
  return c > 0xffff ? 2 : 1
}
