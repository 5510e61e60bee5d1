/** What the command line of the bench says. */
import { parseArgs } from 'node:util'
import type { Sizes } from './scenario.ts'
import { scenarios } from './scenarios.ts'
import type { TargetName } from './target.ts'

export interface Options {
  readonly only: readonly string[]
  readonly targets: readonly TargetName[]
  readonly runs: number
  readonly sizes: Sizes
  /** Where the stores lie while they are measured: the disk counts. */
  readonly directory: string | undefined
  readonly profile: string | undefined
  /** Sizes of a store at which ours alone is measured, ascending; the scenarios are left out then. */
  readonly growth: readonly number[]
  /** Growth without the index of words, which is the larger part of filling, and the store stays. */
  readonly bare: boolean
}

export const usage = `npm run bench -- [options]
  --only NAMES       scenarios, with commas: ${scenarios.map(it => it.name).join(', ')};
                     "attacks" for all of those; all others where absent
  --against NAMES    servers beside our node: inn, inn-cnfs, public-inbox, or none;
                     all where absent
  --runs N           times each is measured, in turn; 3 where absent
  --articles N       articles for import and ingest; 100000 where absent
  --filled N         articles of the stores that are read; 100000 where absent
  --octets N         octets of a body; 2000 where absent
  --groups N         groups of the articles; 10 where absent
  --many-groups N    groups for list-active and start; 117000 where absent
  --idle N           idle connections; 10000 where absent
  --dir DIR          where the stores lie meanwhile; a temporary folder where absent
  --profile DIR      CPU profiles of our node, written when it ends
  --growth SIZES     instead: our node alone at these numbers of articles, with commas, and the curves as SVG
  --bare             with --growth: without the index of words, and the store is left in --dir`

/** Throws an error with the words for the user. */
export function readOptions(args: readonly string[]): Options {
  const text = { type: 'string' } as const
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: text,
      against: text,
      runs: text,
      articles: text,
      filled: text,
      octets: text,
      groups: text,
      'many-groups': text,
      idle: text,
      dir: text,
      profile: text,
      growth: text,
      bare: { type: 'boolean', default: false },
    },
  })
  const amount = (name: string, value: string | undefined, usual: number) => {
    const number = value === undefined ? usual : Number(value)
    if (!Number.isInteger(number) || number < 1) throw new Error(`--${name}: expected a number from 1 up`)
    return number
  }
  return {
    only: only(values.only),
    targets: ['tidings', ...others(values.against)],
    runs: amount('runs', values.runs, 3),
    sizes: {
      articles: amount('articles', values.articles, 100_000),
      filled: amount('filled', values.filled, 100_000),
      octets: amount('octets', values.octets, 2000),
      groups: amount('groups', values.groups, 10),
      manyGroups: amount('many-groups', values['many-groups'], 117_000),
      idle: amount('idle', values.idle, 10_000),
    },
    directory: values.dir,
    profile: values.profile,
    growth: sizesOf(values.growth),
    bare: values.bare,
  }
}

function sizesOf(value: string | undefined): readonly number[] {
  const sizes = value === undefined ? [] : value.split(',').map(Number)
  const rising = sizes.every((size, at) => Number.isInteger(size) && size > (sizes[at - 1] ?? 0))
  if (!rising) throw new Error('--growth: expected numbers that rise, with commas')
  return sizes
}

const isAttack = (name: string) => name.startsWith('attack-')

/** Attacks are measured only where they are asked for. */
function only(value: string | undefined): readonly string[] {
  const all = scenarios.map(it => it.name)
  if (value === undefined) return all.filter(name => !isAttack(name))
  return names(value.replace(/\battacks\b/, all.filter(isAttack).join(',')), all)
}

function others(value: string | undefined): TargetName[] {
  if (value === 'none') return []
  const known = ['inn', 'inn-cnfs', 'public-inbox'] as const
  const wanted = names(value, known)
  return known.filter(name => wanted.includes(name))
}

/** All of `known` where there is no value. */
function names(value: string | undefined, known: readonly string[]): readonly string[] {
  if (value === undefined) return known
  const wanted = value.split(',')
  const unknown = wanted.find(name => !known.includes(name))
  if (unknown !== undefined) throw new Error(`unknown: ${unknown}; known: ${known.join(', ')}`)
  return known.filter(name => wanted.includes(name))
}
