/** Newsgroup names and the Newsgroups and Distribution headers: RFC 5536 3.1.4, 3.2.4. */
import { trimFolds } from './white-space.ts'

declare const brand: unique symbol
export type Newsgroup = string & { readonly [brand]: 'Newsgroup' }

/** The longest argument a command can carry. RFC 3977 3.1 */
const longest = 497

/** Of groups that control messages may create: limits of ours, far above any real name. */
const creatable = { component: 30, components: 12, total: 80 } as const

const dot = 0x2e

/** RFC 5536 3.1.4 component-char, indexed by octet. */
const componentChar = new Uint8Array(128)
for (const c of 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-_') {
  componentChar[c.charCodeAt(0)] = 1
}

/** A newsgroup name of at most 497 octets; case counts, nothing is trimmed. RFC 5536 3.1.4 */
export function parseNewsgroup(text: string): Newsgroup | undefined {
  if (text.length > longest) return undefined
  let size = 0
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (c === dot) {
      if (size === 0) return undefined
      size = 0
    } else if (componentChar[c] === 1) {
      size++
    } else {
      return undefined
    }
  }
  return size === 0 ? undefined : (text as Newsgroup)
}

export interface Newsgroups {
  /** In header order, without repeats. */
  readonly groups: readonly Newsgroup[]
  /** Elements that are no newsgroup name, as written; an empty element is ''. Octets from outside. */
  readonly bad: readonly string[]
}

/** The value of a Newsgroups (or Followup-To) header. White space and folds are accepted. RFC 5536 3.1.4 */
export function parseNewsgroups(header: string): Newsgroups {
  if (!header.includes(',')) return loneNewsgroup(trimFolds(header))
  const groups = new Set<Newsgroup>()
  const bad: string[] = []
  for (const element of header.split(',')) {
    const name = trimFolds(element)
    const group = parseNewsgroup(name)
    if (group === undefined) bad.push(name)
    else groups.add(group)
  }
  return { groups: [...groups], bad }
}

/** Most articles name one group. */
function loneNewsgroup(name: string): Newsgroups {
  const group = parseNewsgroup(name)
  return group === undefined ? { groups: [], bad: [name] } : { groups: [group], bad: none }
}

const none: readonly string[] = []

/** Whether no ordinary newsgroup may have that name. RFC 5536 3.1.4 */
export function isReserved(name: string): boolean {
  if (name === 'poster' || name === 'junk') return true
  const components = name.split('.')
  const first = components[0]
  if (first === 'example' || first === 'to' || first === 'control') return true
  return components.includes('all') || components.includes('ctl')
}

/** Where control messages are filed: the operator may make such a group, and nobody posts to it. RFC 5536 3.1.4 */
export const isControlGroup = (name: string): boolean => name === 'control' || name.startsWith('control.')

/**
 * Whether a control message may create a newsgroup of that name. Stricter than RFC 5536 3.1.4: lower case, each
 * component begins with a letter or digit and has at most 30 octets, at most 12 components and 80 octets.
 */
export function isCreatable(name: string): boolean {
  if (name.length > creatable.total || parseNewsgroup(name) === undefined || isReserved(name)) return false
  const components = name.split('.')
  if (components.length > creatable.components || name !== name.toLowerCase()) return false
  return components.every(component => component.length <= creatable.component && startsPlain(component))
}

function startsPlain(component: string): boolean {
  return !'+-_'.includes(component.charAt(0))
}

/**
 * The elements of a Distribution header in lower case, without repeats and empty ones; blanks may surround them.
 * Elements are not checked: real articles put newsgroup names here (see `isDistribution`). RFC 5536 3.2.4
 */
export function parseDistributions(header: string): string[] {
  const names = header.split(',').map(element => trimFolds(element).toLowerCase())
  return [...new Set(names.filter(name => name !== ''))]
}

/** Whether one element of a Distribution header is well formed. RFC 5536 3.2.4: dist-name */
export function isDistribution(name: string): boolean {
  if (name === '' || !startsPlain(name)) return false
  for (let i = 0; i < name.length; i++) if (componentChar[name.charCodeAt(i)] !== 1) return false
  return true
}
