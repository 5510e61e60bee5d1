/** What a control message asks of the list of newsgroups. Pure; never throws. RFC 5537 5.2.1, 5.2.2, 5.2.3 */
import type { Article } from '../../article.ts'
import { type Newsgroup, parseNewsgroup } from '../../newsgroup.ts'
import { type GroupLine, groupInfo, groupLines } from './group-lines.ts'

export interface NewgroupRequest {
  readonly type: 'newgroup'
  readonly group: Newsgroup
  readonly moderated: boolean
  /** Absent where the body does not say. */
  readonly description?: string
}

export interface RmgroupRequest {
  readonly type: 'rmgroup'
  readonly group: Newsgroup
}

export interface CheckgroupsRequest {
  readonly type: 'checkgroups'
  /** Hierarchies it is about; empty: those of the groups in `lines`. */
  readonly scope: readonly Newsgroup[]
  /** Hierarchies within them that it is not about. */
  readonly except: readonly Newsgroup[]
  readonly serial?: number
  /** Each group once. */
  readonly groups: readonly ListedGroup[]
}

export interface ListedGroup extends Omit<GroupLine, 'name'> {
  readonly name: Newsgroup
}

export type GroupRequest = NewgroupRequest | RmgroupRequest | CheckgroupsRequest

export interface Malformed {
  readonly type: GroupRequest['type']
  readonly malformed: string
}

const mostScopes = 100

/** Undefined where it is about something else. */
export function groupRequest(article: Article): GroupRequest | Malformed | undefined {
  const [verb = '', ...words] = (article.header('Control') ?? '').split(/[ \t]+/)
  switch (verb.toLowerCase()) {
    case 'newgroup':
      return newgroup(words, article)
    case 'rmgroup':
      return rmgroup(words)
    case 'checkgroups':
      return checkgroups(words, article)
    default:
      return undefined
  }
}

/** RFC 5537 5.2.1: newgroup-arguments; "moderated" is the one flag there is. */
function newgroup([name = '', flag, ...more]: readonly string[], article: Article): GroupRequest | Malformed {
  const type = 'newgroup'
  const group = parseNewsgroup(name)
  if (group === undefined) return { type, malformed: 'no newsgroup name' }
  if (more.length > 0 || (flag !== undefined && flag.toLowerCase() !== 'moderated'))
    return { type, malformed: 'a flag other than "moderated"' }
  const line = groupInfo(article, group)
  const moderated = flag !== undefined
  return { type, group, moderated, ...(line && { description: line.described().description }) }
}

/** RFC 5537 5.2.2 */
function rmgroup([name = '', ...more]: readonly string[]): GroupRequest | Malformed {
  const group = parseNewsgroup(name)
  if (group === undefined || more.length > 0) return { type: 'rmgroup', malformed: 'no newsgroup name' }
  return { type: 'rmgroup', group }
}

/** RFC 5537 5.2.3: chkscope, then chksernr. */
function checkgroups(words: readonly string[], article: Article): GroupRequest | Malformed {
  const type = 'checkgroups'
  const last = words.at(-1) ?? ''
  const serial = last.startsWith('#') ? serialIn(last.slice(1)) : undefined
  if (last.startsWith('#') && serial === undefined) return { type, malformed: 'no serial number behind #' }
  const named = serial === undefined ? words : words.slice(0, -1)
  const scope: Newsgroup[] = []
  const except: Newsgroup[] = []
  for (const word of named) {
    const name = parseNewsgroup(word.startsWith('!') ? word.slice(1) : word)
    if (name === undefined || named.length > mostScopes) return { type, malformed: 'no scope' }
    if (word.startsWith('!')) except.push(name)
    else scope.push(name)
  }
  const groups = listed(groupLines(article))
  if (typeof groups === 'string') return { type, malformed: groups }
  return { type, scope, except, groups, ...(serial !== undefined && { serial }) }
}

const serialIn = (digits: string): number | undefined =>
  /^\d{1,15}$/.test(digits) ? Number(digits) : undefined

/** One line that is none spoils the list: a list half read would remove the other half. */
function listed(lines: readonly GroupLine[] | undefined): readonly ListedGroup[] | string {
  if (lines === undefined) return 'a longer list than any'
  if (lines.length === 0) return 'no list of newsgroups'
  const groups = new Map<string, ListedGroup>()
  for (const { name: text, described } of lines) {
    const name = parseNewsgroup(text)
    if (name === undefined) return 'a line without a newsgroup name'
    if (groups.has(name)) return 'a newsgroup that is listed twice'
    groups.set(name, { name, described })
  }
  return [...groups.values()]
}
