/** What paths cost as a store grows: one node of ours, fed further and further and measured at each size. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Articles } from './articles.ts'
import type { Sample, Sizes } from './scenario.ts'
import { articleByNumber } from './scenarios/article.ts'
import { feed } from './scenarios/ingest.ts'
import { latency } from './scenarios/latency.ts'
import { over } from './scenarios/over.ts'
import type { Target } from './target.ts'

export interface Step {
  /** In the store. */
  readonly articles: number
  readonly figures: Readonly<Record<GrowthFigure, number>>
}

export const growthFigures = {
  ingest: { title: 'TAKETHIS, articles/s', better: 'more' },
  over: { title: 'OVER of whole groups, lines/s', better: 'more' },
  article: { title: 'ARTICLE by number, 16 deep, articles/s', better: 'more' },
  group: { title: 'GROUP, one at a time, median ms', better: 'less' },
  start: { title: 'start to the first answer, s', better: 'less' },
  memory: { title: 'private memory after the start, MB', better: 'less' },
} as const
export type GrowthFigure = keyof typeof growthFigures

export interface Growth {
  readonly target: Target
  readonly directory: string
  /** Numbers of articles to measure at, ascending. */
  readonly steps: readonly number[]
  readonly sizes: Sizes
  readonly say: (text: string) => void
  /** Leaves the store behind. */
  readonly keep: boolean
}

/** The rate of the last articles before a size counts, at most so many. */
const measuredPart = 100_000
const settleMilliseconds = 2000

export async function measureGrowth({ target, directory, steps, sizes, say, keep }: Growth): Promise<Step[]> {
  const groups = Array.from({ length: sizes.groups }, (_, at) => `bench.g${at}`)
  const articles = new Articles({ octets: sizes.octets, groups, series: 'one' })
  const folder = join(directory, 'growth')
  const server = await target.prepare(folder, groups)
  const found: Step[] = []
  let stored = 0
  try {
    await server.start()
    for (const wanted of steps) {
      const part = Math.min(measuredPart, wanted - stored)
      const before = wanted - stored - part
      if (before > 0) await feed(server, articles, before, stored)
      const idle = server.usage().cpu
      const seconds = await feed(server, articles, part, stored + before)
      const fedCpu = server.usage().cpu - idle
      stored = wanted
      await server.stop()
      const begun = performance.now()
      await server.start()
      const start = (performance.now() - begun) / 1000
      const startCpu = server.usage().cpu
      await sleep(settleMilliseconds)
      const memory = server.usage().memory / 1e6
      const bench = { server, sizes: { ...sizes, filled: stored }, articles, directory }
      const [lines, whole, one] = [
        await over.measure(bench),
        await articleByNumber.measure(bench),
        await latency.measure(bench),
      ]
      const figures = {
        ingest: part / seconds,
        over: figure(lines, 'rate'),
        article: figure(whole, 'rate'),
        group: figure(one, 'group median'),
        start,
        memory,
      }
      const cpu = { fed: (fedCpu / part) * 1e6, start: startCpu }
      say(`${wanted.toLocaleString('en-US')} articles: ${JSON.stringify({ ...figures, cpu })}`)
      found.push({ articles: wanted, figures })
    }
  } finally {
    await server.stop()
    if (keep) say(`the store: ${folder}`)
    else rmSync(folder, { recursive: true, force: true })
  }
  return found
}

const figure = (sample: Sample | undefined, name: string): number => sample?.[name] ?? 0
