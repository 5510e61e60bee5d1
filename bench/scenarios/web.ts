/** Pages of the web reader: what each costs the node, how large it is, and how long NNTP waits meanwhile. */
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Articles } from '../articles.ts'
import { Browser } from '../browser.ts'
import { Client } from '../client.ts'
import { type Bench, picks, quantile, type Sample, type Scenario, timed } from '../scenario.ts'
import { settled } from '../settled.ts'
import type { Server } from '../target.ts'

/** Articles of one long thread among the others. */
const longThread = 500
/** Octets of a body that is all quotes, and how many of them there are. */
const hugeOctets = 990_000
const hugeArticles = 5
const warmUp = 30
const groupPages = 200
const threadPages = 100
const articlePages = 3000
/** Pages of huge articles asked for while NNTP is measured. */
const hugePages = 200
/** Connections of the browser, and readers of huge articles at once. */
const crowd = 8

const id = (number: number): string => `<w${number}@bench.example>`
const idAddress = (number: number): string => `/m/w${number}@bench.example/`

/** An article answers one a few before it, four of five; the last of them all answer each other in one thread. */
function textOf(articles: Articles, number: number, count: number): Buffer {
  const ofLong = number >= count - longThread
  const pick = picks(number)
  const above = ofLong
    ? count - longThread + pick(Math.max(1, number - count + longThread))
    : number - 1 - pick(40)
  const answers = ofLong ? number > count - longThread : pick(5) > 0 && above >= 0
  const thread = ofLong ? 'a long thread' : `matter ${Math.floor(number / 5)}`
  const header = [
    'Path: feeder.bench!not-for-mail',
    `From: Reader ${number % 997} <reader${number % 997}@bench.example>`,
    `Newsgroups: ${articles.group(0)}`,
    `Subject: ${answers ? 'Re: ' : ''}About ${thread}`,
    `Date: ${new Date(1_700_000_000_000 + number * 60_000).toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: ${id(number)}`,
    ...(answers ? [`References: ${id(above)}`] : []),
  ]
  const body =
    number < hugeArticles ? quotes() : articles.body(number).toString('latin1').replaceAll('\r\n', '\n')
  const text = Buffer.from(`${header.join('\n')}\n\n${body}`, 'latin1')
  return Buffer.concat([Buffer.from(`#! rnews ${text.length}\n`), text])
}

function quotes(): string {
  const lines: string[] = []
  for (let octets = 0; octets < hugeOctets; ) {
    const line = `${'> '.repeat(lines.length % 4)}words of *somebody* at http://bench.example/${lines.length} and more`
    lines.push(line)
    octets += line.length + 1
  }
  return `${lines.join('\n')}\n`
}

async function fill({ articles, directory, sizes, server }: Bench): Promise<void> {
  const file = join(directory, 'web.rnews')
  const parts = function* () {
    for (let number = 0; number < sizes.articles; number++) yield textOf(articles, number, sizes.articles)
  }
  await pipeline(Readable.from(parts()), createWriteStream(file))
  await server.import?.(file)
}

interface Cost {
  /** Milliseconds of CPU, threads included. */
  readonly cpu: number
  readonly kilobytes: number
}

/** Of one page, one request after the other. */
async function costOf(
  server: Server,
  browser: Browser,
  path: (at: number) => string,
  count: number,
): Promise<Cost> {
  for (let at = 0; at < warmUp; at++) await browser.get(path(at))
  const before = server.usage().cpu
  let octets = 0
  for (let at = 0; at < count; at++) {
    const { status, octets: some } = await browser.get(path(at))
    if (status !== 200) throw new Error(`${path(at)}: ${status}`)
    octets += some
  }
  return { cpu: ((server.usage().cpu - before) / count) * 1000, kilobytes: octets / count / 1000 }
}

/** Answers to DATE, one at a time, while so many at once read pages of huge articles. */
async function waits(server: Server, browser: Browser, readers: number): Promise<readonly number[]> {
  const client = await Client.reader(server.readerPort)
  const times: number[] = []
  let left = hugePages
  const reading = async () => {
    while (left-- > 0) await browser.get(idAddress(left % hugeArticles))
  }
  const done = Promise.all(Array.from({ length: readers }, reading))
  while (left > 0) {
    const started = performance.now()
    await client.line('DATE')
    times.push(performance.now() - started)
  }
  await done
  await client.quit()
  return times
}

export const web: Scenario = {
  name: 'web',
  title: 'pages of the web reader',
  stock: 'empty',
  metrics: [
    { name: 'build', unit: 's', better: 'less' },
    { name: 'group cpu', unit: 'ms', better: 'less', goal: { value: 30 } },
    { name: 'group size', unit: 'kB', better: 'less', goal: { value: 60 } },
    { name: 'thread cpu', unit: 'ms', better: 'less', goal: { value: 30 } },
    { name: 'thread size', unit: 'kB', better: 'less', goal: { value: 60 } },
    { name: 'article cpu', unit: 'ms', better: 'less' },
    { name: 'articles', unit: '/s of one core', better: 'more', goal: { value: 500 } },
    { name: 'wait p99', unit: 'ms', better: 'less', goal: { value: 5 } },
    { name: 'wait most', unit: 'ms', better: 'less' },
    { name: `wait p99, ${crowd} readers`, unit: 'ms', better: 'less' },
    { name: `wait most, ${crowd} readers`, unit: 'ms', better: 'less' },
  ],
  async measure(bench): Promise<Sample | undefined> {
    const { server, sizes, articles } = bench
    if (server.webPort === undefined) return undefined
    await fill(bench)
    await settled(server)
    using browser = new Browser(server.webPort, crowd)
    const group = `/g/${articles.group(0)}/`
    const build = await timed(() => browser.get(group))
    const lists = await costOf(server, browser, () => group, groupPages)
    const long = sizes.articles - longThread
    const threads = await costOf(server, browser, at => `${idAddress(long + at)}t/`, threadPages)
    const pick = picks(41)
    const some = () => idAddress(hugeArticles + pick(sizes.articles - hugeArticles))
    const single = await costOf(server, browser, some, articlePages)
    const alone = await waits(server, browser, 1)
    const crowded = await waits(server, browser, crowd)
    return {
      build,
      'group cpu': lists.cpu,
      'group size': lists.kilobytes,
      'thread cpu': threads.cpu,
      'thread size': threads.kilobytes,
      'article cpu': single.cpu,
      articles: 1000 / single.cpu,
      'wait p99': quantile(alone, 0.99),
      'wait most': Math.max(...alone),
      [`wait p99, ${crowd} readers`]: quantile(crowded, 0.99),
      [`wait most, ${crowd} readers`]: Math.max(...crowded),
    }
  },
}
