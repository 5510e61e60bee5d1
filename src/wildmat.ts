/** Wildmats: RFC 3977 4.2, INN's `@` in subscriptions, and the patterns of XPAT (RFC 2980 2.9). Never a RegExp. */
import { compileGlob, type Matcher } from './glob.ts'

/** A comma list of patterns; the rightmost one that matches decides, `!` negates. RFC 3977 4.2 */
export class Wildmat {
  readonly text: string
  /** Whether it matches every name. */
  readonly all: boolean
  readonly #elements: readonly Element[]

  private constructor(text: string, elements: readonly Element[]) {
    this.text = text
    this.#elements = elements
    this.all = elements.find(element => element.sign !== '' || isRun(element.pattern))?.sign === ''
  }

  /** Undefined where the syntax is wrong: `[` `]` `\`, blanks, an empty element, a `!` inside. RFC 3977 4.1 */
  static parse(text: string): Wildmat | undefined {
    const elements = parseElements(text.split(','), '!')
    return elements && new Wildmat(text, elements)
  }

  /** Anchored at both ends, case counts; false where no pattern matches. O(length of name × length of wildmat) */
  matches(name: string): boolean {
    for (const element of this.#elements) if (element.matches(name)) return element.sign === ''
    return false
  }
}

/**
 * Hierarchies a peer subscribes to: a wildmat in which `@pattern` also refuses what is crossposted to a group it
 * matches. Peers do this: INN's newsfeeds(5).
 */
export class HierarchyPattern {
  readonly text: string
  readonly #elements: readonly Element[]

  private constructor(text: string, elements: readonly Element[]) {
    this.text = text
    this.#elements = elements
  }

  /** As `Wildmat.parse`, but blanks around elements are ignored, and a blank text is a pattern that wants nothing. */
  static parse(text: string): HierarchyPattern | undefined {
    if (text.trim() === '') return new HierarchyPattern(text, [])
    const elements = parseElements(
      text.split(',').map(element => element.trim()),
      '!@',
    )
    return elements && new HierarchyPattern(text, elements)
  }

  /** What the rightmost matching pattern says of one group; `no` where none matches. */
  verdict(name: string): 'yes' | 'no' | 'poison' {
    for (const { sign, matches } of this.#elements) {
      if (matches(name)) return sign === '' ? 'yes' : sign === '!' ? 'no' : 'poison'
    }
    return 'no'
  }

  /** Whether an article in these groups is wanted: at least one `yes` and no `poison`. */
  wants(names: readonly string[]): boolean {
    let wanted = false
    for (const name of names) {
      const verdict = this.verdict(name)
      if (verdict === 'poison') return false
      if (verdict === 'yes') wanted = true
    }
    return wanted
  }
}

interface Element {
  /** '' or the mark in front of the pattern. */
  readonly sign: string
  readonly pattern: string
  readonly matches: Matcher
}

/** The elements from right to left, because the rightmost match decides. */
function parseElements(texts: readonly string[], signs: string): Element[] | undefined {
  const elements: Element[] = []
  for (const text of texts) {
    // RFC 3977 4.1 has no mark on the first pattern; INN takes one, and with nothing to its left it is harmless.
    const sign = text !== '' && signs.includes(text.charAt(0)) ? text.charAt(0) : ''
    const pattern = text.slice(sign.length)
    if (!isPattern(pattern, signs)) return undefined
    elements.push({ sign, pattern, matches: compileGlob(pattern) })
  }
  return elements.reverse()
}

/** RFC 3977 4.1: wildmat-pattern, and no sign inside */
function isPattern(text: string, signs: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (c <= 0x20 || (c >= 0x5b && c <= 0x5d) || c === 0x7f || signs.includes(text.charAt(i))) return false
  }
  return text !== ''
}

function isRun(pattern: string): boolean {
  for (let i = 0; i < pattern.length; i++) if (pattern.charAt(i) !== '*') return false
  return true
}
