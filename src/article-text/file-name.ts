/** A name that a stranger gave a file, made fit for a link and for a folder. RFC 6266 4.3 */
import { visibleLine } from './visible.ts'

const longest = 100

const endings: ReadonlyMap<string, string> = new Map([
  ['image/jpeg', 'jpg'],
  ['image/png', 'png'],
  ['image/gif', 'gif'],
  ['text/html', 'html'],
  ['text/plain', 'txt'],
  ['message/rfc822', 'eml'],
  ['application/pgp-signature', 'asc'],
])

/** Without folders, without characters that do not show or mean something to a shell; `number` names the nameless. */
export function safeFileName(given: string, type: string, number: number): string {
  const last = visibleLine(given.slice(-1000)).replace(/^.*[/\\]/s, '')
  const clean = last
    .replace(/[\0-\x1f\x7f<>:\x22|?*%;&$\x60\x27\u2400-\u2421]/g, '_')
    .replace(/^[.\s]+|[.\s]+$/g, '')
  if (clean === '') return `part-${number}.${endings.get(type) ?? 'bin'}`
  const letters = [...clean]
  if (letters.length <= longest) return clean
  const ending = /\.[A-Za-z0-9]{1,8}$/.exec(clean)?.[0] ?? ''
  return letters.slice(0, longest - ending.length).join('') + ending
}
