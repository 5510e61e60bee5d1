/** One seed from its plan to the verdict: after healing each article is on each subscribing machine exactly once. */
import { afterlife } from './afterlife.ts'
import { audit, type Holding } from './audit.ts'
import { type Edge, type Plan, planOf, type Scale } from './plan.ts'
import { World } from './world.ts'

export interface Report {
  readonly seed: number
  readonly calm: boolean
  readonly machines: number
  readonly posted: number
  readonly crashes: number
  readonly transfers: number
  /** Those of them that the receiver had by then. */
  readonly duplicates: number
  /** Those of them that the receiver did not want: the sender does not know what it takes. */
  readonly unwanted: number
  /** What would have been enough: one for each copy that was not posted where it is. */
  readonly least: number
  /** Copies that were refused because of their age, where a peer had been away for longer than the cut-off. */
  readonly tooOld: number
  readonly events: number
  /** Of all that was delivered and decided, with its time. */
  readonly digest: string
  /** Empty where all is as it must be. */
  readonly wrong: readonly string[]
}

const hour = 3_600_000
/** Machines; that everything expires takes its time. */
const smallWorld = 6

export async function simulate(seed: number, scale: Scale, say?: (line: string) => void): Promise<Report> {
  const plan = planOf(seed, scale)
  const world = new World(plan, say)
  const wrong: string[] = []
  await world.live()
  if (!(await world.heal())) wrong.push('it does not come to rest', ...world.unquiet)
  const { transfers } = world.ledger
  await world.idle(3 * hour)
  if (world.ledger.transfers > transfers) wrong.push('articles are sent when all is said')
  if (!world.isQuiet) wrong.push('it does not stay at rest', ...world.unquiet)
  const connections = world.machines.reduce((sum, machine) => sum + machine.connections, 0)
  if (connections > 0) wrong.push(`${connections} connections were never closed`)
  const digest = world.network.digest()
  const { least, tooOld } = await verdict(world, wrong)
  if (!plan.calm) {
    await world.blackout()
    await verdict(world, wrong)
  }
  if (plan.machines.length <= smallWorld) await afterlife(world, wrong)
  wrong.push(...world.ledger.troubles)
  if (plan.calm && transfers > 1.1 * least) wrong.push(`${transfers} transfers where ${least} are enough`)
  const { posted, crashes, duplicates, unwanted } = world.ledger
  const { happened: events } = world.events
  const size = world.machines.length
  return {
    seed,
    calm: plan.calm,
    machines: size,
    posted,
    crashes,
    transfers,
    duplicates,
    unwanted,
    least,
    tooOld,
    events,
    digest,
    wrong,
  }
}

async function verdict(world: World, wrong: string[]): Promise<{ least: number; tooOld: number }> {
  const holdings: (Holding | undefined)[] = []
  for (const { name, node } of world.machines) {
    if (node === undefined) wrong.push(`${name} is not up`)
    holdings.push(node && (await world.during(audit(name, node, wrong))))
  }
  for (const [at, { name }] of world.machines.entries())
    for (const id of world.ledger.promised.get(name) ?? [])
      if (!holdings[at]?.articles.has(id)) wrong.push(`${name}: ${id} was taken and is not there`)
  let tooOld = 0
  for (const edge of world.plan.edges) tooOld += fed(world, { edge, holdings }, wrong)
  contentsAgree(world.plan, holdings, wrong)
  return { least: leastTransfers(holdings), tooOld }
}

/** One for each copy that was not posted where it is. */
function leastTransfers(holdings: readonly (Holding | undefined)[]): number {
  let copies = 0
  for (const holding of holdings)
    for (const row of holding?.articles.values() ?? []) if (row.source.startsWith('peer:')) copies++
  return copies
}

interface Fed {
  readonly edge: Edge
  readonly holdings: readonly (Holding | undefined)[]
}

/**
 * Along every edge: what the one has and is to send, and the other is to take, the other has. So what Path names
 * need not be looked at: a site that it names has seen the article. Gives those that were refused for their age.
 */
function fed(world: World, { edge, holdings }: Fed, wrong: string[]): number {
  const { from, to, send, accept, maxBytes = Number.POSITIVE_INFINITY } = edge
  const giver = holdings[from]
  const taker = holdings[to]
  const known = world.plan.machines[to]?.groups ?? []
  const name = world.machines[to]?.name ?? ''
  const after = world.fedAfter.get(`${from} ${to}`) ?? Number.POSITIVE_INFINITY
  const back = world.plan.edges.find(edge => edge.from === to && edge.to === from)
  let tooOld = 0
  for (const [id, row] of giver?.articles ?? []) {
    if (row.arrival <= after || row.size > maxBytes || !send.wants(giver?.names(row) ?? [])) continue
    const post = world.plan.posts.find(post => post.id === id)
    const { groups = [], distribution } = post ?? {}
    const where = distribution?.split(',') ?? []
    if (!edge.distributions.wants(where) || back?.distributions.wants(where) === false) continue
    if (!groups.some(group => known.includes(group) && accept.wants([group]))) continue
    if (taker?.articles.has(id)) continue
    if (world.ledger.wasRefused(name, id, 'too-old')) tooOld++
    else wrong.push(`${name} has not got ${id} (${row.source}) from ${world.machines[from]?.name}`)
  }
  return tooOld
}

/** Nothing but Path and Xref is changed on the way. */
function contentsAgree(plan: Plan, holdings: readonly (Holding | undefined)[], wrong: string[]): void {
  for (const { id, machines } of plan.posts) {
    const versions = new Set(holdings.map(holding => holding?.contents.get(id)))
    versions.delete(undefined)
    if (versions.size > machines.length) wrong.push(`${id} has ${versions.size} versions`)
  }
}
