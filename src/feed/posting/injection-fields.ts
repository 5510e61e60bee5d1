/** The fields that say where, when and by whom an article was injected. RFC 5537 3.5.8-11, RFC 5536 3.2.7, 3.2.8 */
import { createHmac } from 'node:crypto'
import type { Article } from '../../article.ts'
import type { ArticleEdit } from '../../article-edit.ts'
import type { Config } from '../../config/config.ts'
import { formatDate } from '../../date.ts'
import { injectedPath, parsePath } from '../../path.ts'
import type { Poster } from '../feed.ts'

interface Injected {
  /** With Message-ID and Date. */
  readonly complete: Article
  readonly poster: Pick<Poster, 'account' | 'address'>
  /** `needsInjectionDate` of the proto-article as it came. */
  readonly dated: boolean
  readonly config: Config
  /** Milliseconds since 1970. */
  readonly now: number
  readonly secret: Buffer
}

/** The edit that makes a complete proto-article an article. All other fields and the body stay. RFC 5537 3.5.6 */
export function injectionFields(injected: Injected): ArticleEdit {
  const { complete, poster, config, now, dated } = injected
  const identity = config.node.path_identity
  const host = hostOf(poster)
  const append: string[] = []
  const { organization } = config.node
  if (organization !== '' && complete.count('Organization') === 0)
    append.push(`Organization: ${encodeWords(organization)}`)
  if (dated) append.push(`Injection-Date: ${formatDate(Math.floor(now / 1000))}`)
  append.push(injectionInfo(injected, host))
  const path = markedPath(complete.header('Path') ?? '', { identity, ...(host === '' ? {} : { host }) })
  return { remove: ['Path'], prepend: [`Path: ${path}`], append }
}

/** RFC 5537 3.5.8-9: our identity and the mark in front of the poster's tail, or of all that it wrote. */
function markedPath(old: string, injection: { readonly identity: string; readonly host?: string }): string {
  const { entries, tail } = parsePath(old)
  const marked = injectedPath({ ...injection, tail })
  return entries.length < 2 ? marked : `${marked.slice(0, marked.lastIndexOf('!') + 1)}${old}`
}

/**
 * RFC 5537 3.5.11: never replaced, and not added to what had both Message-ID and Date: another injecting agent may
 * have got it too, from a posting agent older than the field.
 */
export function needsInjectionDate(proto: Article): boolean {
  if (proto.count('Injection-Date') > 0) return false
  return proto.count('Message-ID') === 0 || proto.count('Date') === 0
}

function injectionInfo({ poster, config, secret }: Injected, host: string): string {
  const parts = [config.node.path_identity]
  if (host !== '') parts.push(`posting-host="${host}"`)
  if (poster.account !== '') parts.push(`posting-account="${opaqueAccount(poster.account, secret)}"`)
  const complaints = config.node.admin.replace(/[^\x21-\x7e]|["\\]/g, '')
  if (complaints !== '') parts.push(`mail-complaints-to="${complaints}"`)
  return `Injection-Info: ${parts.join(';\r\n\t')}`
}

/** The address of the poster, where it is one that fits into Path and a quoted string. RFC 5536 3.1.5 */
function hostOf({ address }: Pick<Poster, 'address'>): string {
  return /^[0-9A-Za-z.:-]{1,255}$/.test(address) ? address : ''
}

/** The same for the same account, so that complaints can be answered, and nobody else learns the name. */
function opaqueAccount(account: string, secret: Buffer): string {
  return createHmac('sha256', secret).update(`posting-account\0${account}`).digest('base64url').slice(0, 22)
}

/** Octets of UTF-8 that fit into one encoded word of at most 75. RFC 2047 2 */
const wordOctets = 45

/** ASCII as it is, other text as encoded words on lines of their own. RFC 2047 */
function encodeWords(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return text
  const words: string[] = []
  let word = ''
  for (const character of text.replace(/[\x00-\x1f\x7f]/g, ' ')) {
    if (Buffer.byteLength(word + character) > wordOctets) {
      words.push(word)
      word = ''
    }
    word += character
  }
  words.push(word)
  return words.map(part => `=?UTF-8?B?${Buffer.from(part).toString('base64')}?=`).join('\r\n ')
}
