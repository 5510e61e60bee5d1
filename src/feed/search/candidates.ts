/** Which articles of one block a query may mean, by its postings alone, and only those that the asker may read. */
import type { Clause, Field, Query, Term } from '../../search/query.ts'
import { searchThreadTerm } from '../../storage/keys.ts'
import type { GroupId } from '../../storage/reading.ts'
import type { SearchBlock } from '../../storage/search/search-block.ts'
import {
  inAny,
  inBody,
  inFrom,
  inSubject,
  type SearchBlockFacts,
} from '../../storage/search/search-postings.ts'
import { Offsets } from './offsets.ts'

const bitsOf: Readonly<Record<Field, number>> = {
  any: inAny,
  subject: inSubject,
  from: inFrom,
  body: inBody,
}

/** Words with one beginning that are followed; the rest of them is not found. */
const mostBeginnings = 200

export interface Asked {
  readonly query: Query
  /** Message-ID that begins the thread that is asked for. */
  readonly thread?: string | undefined
  /** Undefined where every group is to be read, and wanted. */
  readonly groups?: WantedGroups | undefined
}

export interface WantedGroups {
  /** Undefined for a group that is not there, or not there for the asker. */
  readonly name: (group: GroupId) => Promise<string | undefined>
  /** Each must be true of the name of one of the groups of an article; of none, where it excludes. */
  readonly tests: readonly GroupTest[]
}

export interface GroupTest {
  readonly passes: (name: string) => boolean
  readonly exclude: boolean
}

/** Nothing in it can be meant. */
export function isOutside({ articles, oldest, newest }: SearchBlockFacts, { after, before }: Query): boolean {
  return (
    articles === 0 || (after !== undefined && newest < after) || (before !== undefined && oldest >= before)
  )
}

export async function candidatesIn(block: SearchBlock, asked: Asked): Promise<Offsets> {
  const { query } = asked
  const found = await wanted(block, asked)
  if (found.isEmpty) return found
  if (asked.groups !== undefined) await keepGroups(found, block, asked.groups)
  for (const clause of query.clauses) {
    // Of phrases that must not be there the postings do not say enough.
    if (clause.exclude && clause.terms.length === 1 && !found.isEmpty)
      for (const each of await ofTerms(block, clause)) found.remove(each)
  }
  return found
}

/** What has all words and the thread; where the query names none, or dates, what is there at all. */
async function wanted(block: SearchBlock, { query, thread }: Asked): Promise<Offsets> {
  const clauses = query.clauses.filter(({ exclude }) => !exclude)
  const sets = (await Promise.all(clauses.map(clause => ofTerms(block, clause)))).flat()
  if (thread !== undefined) {
    const [postings = []] = await block.postings('t', [searchThreadTerm(thread)])
    sets.push(Offsets.of(postings))
  }
  const { after, before } = query
  if (sets.length === 0 || after !== undefined || before !== undefined) {
    if (sets.some(set => set.isEmpty)) return new Offsets()
    const bounds = { after: after ?? 0, before: before ?? Number.POSITIVE_INFINITY }
    sets.push(Offsets.dated(await block.dates(), bounds))
  }
  const [first = new Offsets(), ...others] = sets
  for (const other of others) first.keep(other)
  return first
}

/** A set for each of its words. */
async function ofTerms(block: SearchBlock, { field, terms }: Clause): Promise<Offsets[]> {
  const bits = bitsOf[field]
  const whole = terms.filter(({ prefix }) => !prefix)
  const begun = terms.filter(({ prefix }) => prefix)
  const postings = await block.postings(
    'w',
    whole.map(({ word }) => word),
  )
  const sets = postings.map(each => Offsets.of(each, bits))
  return [...sets, ...(await Promise.all(begun.map(term => ofBeginning(block, term, bits))))]
}

async function ofBeginning(block: SearchBlock, { word }: Term, bits: number): Promise<Offsets> {
  const set = new Offsets()
  for (const postings of await block.beginning(word, mostBeginnings)) set.add(postings, bits)
  return set
}

async function keepGroups(found: Offsets, block: SearchBlock, { name, tests }: WantedGroups): Promise<void> {
  const sets = tests.map(() => new Offsets())
  for (const { group, postings } of await block.groups()) {
    const known = await name(group)
    if (known === undefined) continue
    for (const [at, { passes }] of tests.entries()) if (passes(known)) sets[at]?.add(postings)
  }
  for (const [at, set] of sets.entries()) {
    if (tests[at]?.exclude) found.remove(set)
    else found.keep(set)
  }
}
