/** Lines of a text, as far as there is room for them. */
import type { Line } from '../../article-text/flowed.ts'
import { tongueOf } from '../../article-text/tongue.ts'

export function linesText(lines: readonly Line[]): string {
  return lines.map(({ text }) => text).join('\n')
}

/** Characters that say in which language the rest is. */
const tell = 4000

/** As far as the beginning tells; see `tongueOf`. */
export function languageOf(lines: readonly Line[]): string {
  return tongueOf(linesText(beginning(lines, tell)))
}

/** The beginning of a text, whole lines of at most so many characters, and one at least. */
export function beginning(lines: readonly Line[], characters: number): readonly Line[] {
  let left = characters
  const end = lines.findIndex(({ text }) => {
    left -= text.length + 1
    return left < 0
  })
  return end < 0 ? lines : lines.slice(0, Math.max(end, 1))
}
