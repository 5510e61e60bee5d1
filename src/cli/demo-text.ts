/** What `tidings demo` says. */
import type { Trace } from '../server/control/trace-report.ts'
import { table } from './amounts.ts'
import type { CliContext } from './context.ts'
import type { DemoSite } from './demo-site.ts'

export function demoTitle(sites: readonly DemoSite[], { colors }: CliContext): string {
  const rows = sites.map(({ name, web, nntp, nntps }) => [
    `  ${name}`,
    web,
    `newsreaders: ${nntp}`,
    `with TLS: ${nntps}`,
  ])
  return `${colors.bold('Three news servers that peer with each other')}
${triangle(sites.map(({ name }) => name))}
${table(rows)}
The certificates are signed by themselves alone: newsreaders will ask whether to trust them.
Posting a few articles on each of them ...
`
}

/** The first on top, so that both sides of it can be seen. */
function triangle([top = '', left = '', right = '']: readonly string[]): string {
  const base = `  ${left} --------- ${right}`
  const middle = Math.floor((base.length + 2) / 2)
  const at = (column: number, text: string) => `${' '.repeat(Math.max(0, column))}${text}`
  const sides = [3, 6, 9].map(half => `${at(middle - half, '/')}${' '.repeat(2 * half - 1)}\\\n`)
  return `\n${at(middle - Math.floor(top.length / 2), top)}\n${sides.join('')}${base}\n`
}

interface Flood {
  readonly id: string
  /** Where it was posted. */
  readonly site: string
  /** One of each node. */
  readonly traces: readonly Trace[]
}

export function demoFloodText(floods: readonly Flood[], context: CliContext): string {
  const { colors } = context
  const parts = floods.map(({ id, site, traces }) => {
    const order = traces.toSorted((a, b) => hopsOf(a) - hopsOf(b))
    const rows = order.flatMap(siteRows)
    return `\n${colors.bold(`How ${id}, posted on ${site}, reached all of them once`)}\n${table(rows)}`
  })
  return `${parts.join('')}\n`
}

const hopsOf = ({ stored }: Trace): number => stored?.path.length ?? 0

function siteRows({ stored, peers }: Trace): string[][] {
  if (stored === undefined) return []
  const here = stored.path.at(-1)?.entry ?? ''
  const whence = stored.source.startsWith('peer:')
    ? `got it from ${stored.source.slice('peer:'.length)}`
    : 'injected it'
  return [[`  ${here}`, whence], ...peers.map(peer => ['', `${peer.name}: ${peerText(peer)}`])]
}

/** How few transfers all of it took, and what saved the others. `floods`: of each article one trace of each node. */
export function demoSumText(floods: readonly (readonly Trace[])[], { colors }: CliContext): string {
  const told = floods.flat().flatMap(({ peers }) => peers)
  const count = (is: (peer: Trace['peers'][number]) => boolean) => told.filter(is).length
  const transfers = count(({ code }) => code === 239 || code === 235)
  const history = count(({ code }) => code !== undefined && knownThere.includes(code))
  const path = count(({ outcome }) => outcome === 'path' || outcome === 'source')
  const [articles, nodes] = [floods.length, floods[0]?.length ?? 0]
  const least = articles * (nodes - 1)
  const enough = transfers === least ? 'as few as there can be' : `where ${least} are enough`
  return `${colors.bold(`${articles} articles are on ${nodes} nodes after ${transfers} transfers, ${enough}`)}
  ${path} offers were never made: the article had come from there, or its Path named the site.
  ${history} offers were declined: history there knew the message-ID already.

`
}

function peerText({ text, code, outcome }: Trace['peers'][number]): string {
  if (code === undefined) return outcome === 'path' ? `${text}: this is Path at work` : text
  return `${text} (${code})${knownThere.includes(code) ? ': this is history at work' : ''}`
}

/** RFC 4644 2.4, RFC 3977 6.3.2: not wanted. */
const knownThere: readonly number[] = [438, 435]

export function demoTry(sites: readonly DemoSite[], { colors }: CliContext): string {
  const [first, second] = sites
  const port = first?.nntp.split(':').at(-1) ?? ''
  return `${colors.bold('Try')}
  ${first?.web}g/demo.test/  post an article there, then look at ${second?.web}g/demo.test/
  rtin -g 127.0.0.1 -p ${port}
  npx tidings --config ${second?.file} peer list
  npx tidings --config ${second?.file} article trace welcome@demo.example

Ctrl-C ends the demo. What arrives now is shown here:
`
}
