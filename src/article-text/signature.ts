/** Where a signature begins. RFC 3676 4.3 */
import type { Line } from './flowed.ts'

/** RFC 3676 4.3: the last line `-- `. Peers do this: without its blank, and then only near the end. */
export function signatureOf(lines: readonly Line[]): number {
  const proper = lines.findLastIndex(({ text }) => text === '-- ')
  if (proper >= 0) return proper
  const bare = lines.findLastIndex(({ text }) => text === '--')
  return bare > 0 && lines.length - bare <= 12 ? bare : lines.length
}
