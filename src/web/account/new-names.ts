/** Which names and passwords people may choose for themselves. Unicode TR36 2, TR39 5.1 */
import { type AccountName, accountName } from '../../account.ts'

/** Names that promise an office, and those of addresses that RFC 2142 reserves. */
const reserved: ReadonlySet<string> = new Set([
  ...['abuse', 'admin', 'administrator', 'anonymous', 'control', 'hostmaster', 'info', 'mailer-daemon'],
  ...['moderator', 'moderators', 'news', 'newsmaster', 'noc', 'nobody', 'operator', 'postmaster', 'root'],
  ...['security', 'support', 'sysop', 'system', 'tidings', 'usenet', 'webmaster', 'constructor'],
])

const scripts = ['Latin', 'Greek', 'Cyrillic', 'Hebrew', 'Arabic', 'Hangul'].map(
  name => new RegExp(`\\p{Script=${name}}`, 'u'),
)

/**
 * Letters and digits with blanks, dots and hyphens between them, two to forty characters, in lower case and of one
 * script, so that nobody looks like somebody else. Undefined where it is no such name.
 */
export function newName(text: string): AccountName | undefined {
  const name = accountName(text)
  // What RFC 4013 takes out or makes another of is not typed by anybody who means it.
  if (name === undefined || name !== text.normalize('NFC')) return undefined
  if (name !== name.toLowerCase() || reserved.has(name)) return undefined
  if (!/^[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}]|[ ._-](?![ ._-])){0,38}[\p{L}\p{N}\p{M}]$/u.test(name))
    return undefined
  return scripts.filter(script => script.test(name)).length > 1 ? undefined : name
}

export type Strength = 'weak' | 'fair' | 'good' | 'strong'

const shortest = 8
/** What is tried first, in lower case. */
const common =
  /^(?:pass(?:word|wort)?|qwert[yz]\w*|abc123\w*|letmein|welcome|iloveyou|admin\w*|secret|geheim|hallo|monkey|dragon|master|football|sunshine|princess|usenet|news)[\d.!]*$/i

/** Roughly: how many tries it may take. What holds the name or the address is weak. */
export function strengthOf(password: string, around: readonly string[]): Strength {
  const characters = Array.from(password)
  const lower = password.toLowerCase()
  const told = around.map(text => text.toLowerCase()).filter(text => text.length > 2)
  if (characters.length < shortest || common.test(password)) return 'weak'
  if (told.some(text => lower.includes(text) || text.includes(lower))) return 'weak'
  const bits = countedLength(characters) * Math.log2(alphabetOf(password))
  if (bits < 30) return 'weak'
  if (bits < 45) return 'fair'
  return bits < 65 ? 'good' : 'strong'
}

/** A character that follows from the one before (aaa, abc, 321) counts a quarter. */
function countedLength(characters: readonly string[]): number {
  let before = Number.NaN
  let length = 0
  for (const character of characters) {
    const code = character.codePointAt(0) ?? 0
    length += Math.abs(code - before) <= 1 ? 0.25 : 1
    before = code
  }
  return length
}

function alphabetOf(password: string): number {
  const kinds: readonly (readonly [RegExp, number])[] = [
    [/[a-z]/, 26],
    [/[A-Z]/, 26],
    [/\d/, 10],
    [/[^A-Za-z\d]/, 30],
  ]
  return kinds.reduce((sum, [kind, size]) => (kind.test(password) ? sum + size : sum), 0)
}
