/** Figures of all runs as a table for people and as JSON for programs. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, release, totalmem } from 'node:os'
import { join } from 'node:path'
import type { Step } from './growth.ts'
import { type Metric, median, type Sample, type Scenario, type Sizes } from './scenario.ts'
import type { Target, TargetName } from './target.ts'

export interface Result {
  readonly scenario: Scenario
  /** One sample a run. */
  readonly samples: ReadonlyMap<TargetName, readonly Sample[]>
}

export interface Report {
  readonly targets: readonly Target[]
  readonly results: readonly Result[]
  readonly sizes: Sizes
  readonly runs: number
}

/** A Markdown table: medians, and ours as a multiple of each other server's. */
export function table({ targets, results }: Report): string {
  const others = targets.filter(target => target.name !== 'tidings')
  const heads = [
    'path',
    'figure',
    ...targets.map(it => it.title),
    ...others.map(it => `× ${it.name}`),
    'goal',
  ]
  const rows = results.flatMap(({ scenario, samples }) =>
    scenario.metrics.map((metric, at) => {
      const value = (name: TargetName) => medianOf(samples.get(name), metric.name)
      const ours = value('tidings')
      return [
        at === 0 ? scenario.title : '',
        `${metric.name}, ${metric.unit}`,
        ...targets.map(({ name }) => amount(value(name))),
        ...others.map(({ name }) => ratio(ours, value(name))),
        goal(metric),
      ]
    }),
  )
  return aligned([heads, heads.map(() => '---'), ...rows])
}

export function machine(targets: readonly Target[]): Readonly<Record<string, string>> {
  return {
    processor: `${cpus()[0]?.model ?? 'unknown'}, ${cpus().length} cores`,
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    kernel: release(),
    node: process.version,
    inn: targets.some(it => it.name !== 'tidings') ? innVersion() : '',
  }
}

function innVersion(): string {
  try {
    return execFileSync('dpkg-query', ['-W', 'inn2'], { encoding: 'utf8', stdio: 'pipe' }).trim()
  } catch {
    return 'unknown'
  }
}

/** Writes the JSON and gives its name. */
export function writeResults(directory: string, report: Report): string {
  mkdirSync(directory, { recursive: true })
  const time = new Date().toISOString()
  const file = join(directory, `${time.replace(/[:.]/g, '-')}.json`)
  const results = report.results.map(({ scenario, samples }) => ({
    scenario: scenario.name,
    title: scenario.title,
    metrics: scenario.metrics,
    samples: Object.fromEntries(samples),
  }))
  const { sizes, runs, targets } = report
  const about = targets.map(({ name, title, settings, durable }) => ({ name, title, settings, durable }))
  const json = { time, machine: machine(targets), sizes, runs, targets: about, results }
  writeFileSync(file, `${JSON.stringify(json, undefined, 2)}\n`)
  return file
}

/** Writes the steps as JSON and the curves beside them, and gives the name of the picture. */
export function writeGrowth(
  directory: string,
  {
    steps,
    picture,
    sizes,
  }: { readonly steps: readonly Step[]; readonly picture: string; readonly sizes: Sizes },
): string {
  mkdirSync(directory, { recursive: true })
  const time = new Date().toISOString()
  const file = join(directory, `${time.replace(/[:.]/g, '-')}-growth`)
  writeFileSync(
    `${file}.json`,
    `${JSON.stringify({ time, machine: machine([]), sizes, steps }, undefined, 2)}\n`,
  )
  writeFileSync(`${file}.svg`, picture)
  return `${file}.svg`
}

function medianOf(samples: readonly Sample[] | undefined, name: string): number | undefined {
  const values = (samples ?? []).map(sample => sample[name]).filter(value => value !== undefined)
  return values.length === 0 ? undefined : median(values)
}

function amount(value: number | undefined): string {
  if (value === undefined) return ''
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })
}

function ratio(ours: number | undefined, theirs: number | undefined): string {
  if (ours === undefined || theirs === undefined || theirs === 0) return ''
  return (ours / theirs).toPrecision(3)
}

function goal({ goal: wanted, better }: Metric): string {
  if (wanted === undefined) return ''
  if ('times' in wanted) return `≥ ${wanted.times} ×`
  return `${better === 'more' ? '≥' : '<'} ${wanted.value.toLocaleString('en-US')}`
}

function aligned(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map(row => row[column]?.length ?? 0)))
  const cell = (text: string, column: number) =>
    text === '---' ? '-'.repeat(widths[column] ?? 3) : text.padEnd(widths[column] ?? 0)
  return rows.map(row => `| ${row.map(cell).join(' | ')} |\n`).join('')
}
