/** Which groups and hierarchies stand on one page of a list, so that a list of 100,000 groups is no page of its own. */
import type { Group } from '../../storage/reading.ts'
import { Wildmat } from '../../wildmat.ts'
import type { Slices } from '../slices.ts'
import type { Directory, Stretch } from './directory.ts'

/** More groups than this in a hierarchy are shown as counts of the hierarchies below. */
export const mostListed = 300
/** Hierarchies and groups of one page where there are more. */
const mostChildren = 500

export interface Shelved extends Stretch {
  /** Of the hierarchy; empty where the groups are of several. */
  readonly name: string
  /** Shown one by one; empty where only the counts are shown. */
  readonly listed: readonly Group[]
}

export interface Listing {
  readonly sections: readonly Shelved[]
  readonly total: Stretch
  /** Where the next page begins; empty where this is the last. */
  readonly next: string
  /** Whether more was found than is shown and there is no next page. */
  readonly cut: boolean
  /** All that are shown one by one. */
  readonly groups: () => Group[]
}

export interface Wanted {
  /** A part of a name or description, or a wildmat of names; empty for all. */
  readonly filter: string
  /** Where the page begins. */
  readonly from: string
  readonly slices: Slices
}

/** In slices: a filter is held against every name and description. */
export async function listingOf(
  directory: Directory,
  hierarchy: string,
  { filter, from, slices }: Wanted,
): Promise<Listing> {
  const made =
    filter !== ''
      ? await found(directory.within(hierarchy), filter, slices)
      : browsed(directory, hierarchy, from)
  return { ...made, groups: () => made.sections.flatMap(({ listed }) => listed) }
}

type Made = Omit<Listing, 'groups'>

function browsed(directory: Directory, hierarchy: string, from: string): Made {
  const total = directory.sum(hierarchy)
  if (total.groups > mostListed) return { ...counted(directory, hierarchy, from), total, cut: false }
  const own = hierarchy === '' ? undefined : directory.named(hierarchy)
  const direct: Group[] = own === undefined ? [] : [own]
  const sections: Shelved[] = []
  for (const { name, group, groups, articles } of directory.children(hierarchy))
    if (hierarchy !== '' && groups === 1 && group !== undefined) direct.push(group)
    else sections.push({ name, groups, articles, listed: directory.within(name) })
  return { sections: [...shelf(hierarchy, direct), ...sections], total, next: '', cut: false }
}

/** Children of the hierarchy: groups with nothing below them one by one, the others as counts. */
function counted(directory: Directory, hierarchy: string, from: string): Pick<Made, 'sections' | 'next'> {
  const own = hierarchy === '' || from !== '' ? undefined : directory.named(hierarchy)
  const direct: Group[] = own === undefined ? [] : [own]
  const sections: Shelved[] = []
  let next = ''
  for (const { name, at, group, groups, articles } of directory.children(hierarchy, from)) {
    if (direct.length + sections.length >= mostChildren || direct.length >= mostListed) {
      next = at
      break
    }
    if (groups === 1 && group !== undefined) direct.push(group)
    else sections.push({ name, groups, articles, listed: [] })
  }
  return { sections: [...shelf(hierarchy, direct), ...sections], next }
}

function shelf(name: string, listed: readonly Group[]): Shelved[] {
  if (listed.length === 0) return []
  const articles = listed.reduce((sum, { count }) => sum + count, 0)
  return [{ name, groups: listed.length, articles, listed }]
}

/** Groups that are looked at before anybody else may have a turn. */
const together = 256

async function found(groups: readonly Group[], filter: string, slices: Slices): Promise<Made> {
  const fits = filterOf(filter)
  const all: Group[] = []
  for (const [at, group] of groups.entries()) {
    if (fits(group)) all.push(group)
    if (at % together === 0) await slices.rest()
  }
  const listed = all.slice(0, mostListed)
  const [total = { groups: 0, articles: 0 }] = shelf('', all)
  return { sections: shelf('', listed), total, next: '', cut: listed.length < all.length }
}

function filterOf(filter: string): (group: Group) => boolean {
  const wildmat = /[*?!,]/.test(filter) ? Wildmat.parse(filter) : undefined
  if (wildmat !== undefined) return ({ name }) => wildmat.matches(name)
  const wanted = filter.toLowerCase()
  return ({ name, description }) =>
    name.toLowerCase().includes(wanted) || description.toLowerCase().includes(wanted)
}
