/** The texts of the user interface, in every language there is, and which of them a browser wants. RFC 9110 12.5.4 */
import { english, type Words } from './english.ts'
import { german } from './german.ts'

/** By BCP 47 tag. */
export const languages: ReadonlyMap<string, Words> = new Map([
  ['en', english],
  ['de', german],
])

/** The language that a browser likes best of those there are, by Accept-Language; English where it likes none. */
export function wordsFor(accepted: string): Words {
  const wanted = accepted
    .slice(0, 200)
    .split(',')
    .map(part => {
      const [tag = '', ...parameters] = part.split(';').map(piece => piece.trim().toLowerCase())
      const quality = Number(parameters.find(piece => piece.startsWith('q='))?.slice(2) ?? 1)
      return { tag: tag.split('-')[0] ?? '', quality }
    })
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality)
  for (const { tag } of wanted) {
    const words = languages.get(tag)
    if (words !== undefined) return words
  }
  return english
}
