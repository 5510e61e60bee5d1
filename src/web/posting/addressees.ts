/** Where an article would go, and what there is to say of it before it is sent. RFC 5537 3.4, 3.5; RFC 6048 3.1 */
import { visibleLine } from '../../article-text/visible.ts'
import type { Problem } from '../composing/problem.ts'
import type { Site, Visit } from '../site.ts'
import { type Typed, typedNames } from './typed.ts'

type Standing = 'open' | 'moderated' | 'closed' | 'renamed' | 'forbidden' | 'unknown'

export interface Addressee {
  readonly name: string
  readonly standing: Standing
  /** Under which name it is found now; empty where it has not been renamed. */
  readonly target: string
}

/** More are not looked up: they are refused for their number. */
const mostLooked = 60
/** Above this an article has to say where the discussion goes on. */
const mostAtEase = 3

/** A group that is hidden from this reader is to him as one that is not here. */
export async function addresseesOf(site: Site, visit: Visit, typed: Typed): Promise<readonly Addressee[]> {
  const names = typedNames(typed.newsgroups).slice(0, mostLooked)
  return await Promise.all(names.map(name => addressee(site, visit, name)))
}

async function addressee(site: Site, { access }: Visit, name: string): Promise<Addressee> {
  const { mayRead, poster } = access
  const { maySee = mayRead, mayPost } = poster
  const group = maySee(name) ? await site.reading.group(name) : undefined
  if (group === undefined) return { name, standing: 'unknown', target: '' }
  const { status } = group
  if (status.startsWith('=')) {
    const target = status.slice(1)
    return maySee(target) ? { name, standing: 'renamed', target } : { name, standing: 'closed', target: '' }
  }
  const open = status === 'y' || status === 'm'
  const standing = !open ? 'closed' : !mayPost(name) ? 'forbidden' : status === 'm' ? 'moderated' : 'open'
  return { name, standing, target: '' }
}

function listed(addressees: readonly Addressee[], standing: Standing): string {
  return addressees
    .filter(each => each.standing === standing)
    .map(({ name, target }) => visibleLine(target === '' ? name : `${name} → ${target}`))
    .join(', ')
}

/** What the server would refuse, said by name. `most`: newsgroups an article may be posted to. */
export function addresseeProblems(
  addressees: readonly Addressee[],
  typed: Typed,
  most: number,
): readonly Problem[] {
  const field = 'newsgroups'
  if (addressees.length > most) return [{ field, name: 'more-groups', detail: String(most) }]
  const renamed = listed(addressees, 'renamed')
  if (renamed !== '') return [{ field, name: 'renamed-group', detail: renamed }]
  const closed = listed(addressees, 'closed')
  if (closed !== '') return [{ field, name: 'closed-groups', detail: closed }]
  const forbidden = listed(addressees, 'forbidden')
  if (forbidden !== '') return [{ field, name: 'forbidden-groups', detail: forbidden }]
  const unknown = addressees.filter(({ standing }) => standing === 'unknown')
  if (unknown.length > 0 && unknown.length === addressees.length)
    return [{ field, name: 'unknown-groups', detail: listed(addressees, 'unknown') }]
  // RFC 5537 3.4 leaves it to the posting agent to keep wide crossposts together.
  if (addressees.length > mostAtEase && typed.followupTo === '')
    return [{ field: 'followupto', name: 'no-followup', detail: String(mostAtEase) }]
  return []
}

/** What is good to know and no reason to refuse. */
export function addresseeNotes(
  addressees: readonly Addressee[],
  { words: { post, problems }, person }: Visit,
): readonly string[] {
  const forbidden = listed(addressees, 'forbidden')
  const closed = listed(addressees, 'closed')
  const moderated = listed(addressees, 'moderated')
  const unknown = listed(addressees, 'unknown')
  const some = addressees.some(({ standing }) => standing !== 'unknown')
  return [
    ...(closed === '' ? [] : [problems['closed-groups'](closed)]),
    ...(forbidden === '' ? [] : [problems['forbidden-groups'](forbidden)]),
    ...(forbidden === '' || person !== undefined ? [] : [post.perhapsSignedIn]),
    ...(moderated === '' ? [] : [post.moderated(moderated)]),
    ...(unknown === '' || !some ? [] : [post.notHere(unknown)]),
  ]
}
