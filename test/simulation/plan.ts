/** What a seed stands for: machines, who peers with whom and for what, and what happens to them when. */
import { Chance } from './chance.ts'
import type { Failure } from './machine.ts'
import {
  anyDistributions,
  anySubscription,
  everything,
  groupNames,
  type Subscription,
} from './subscription.ts'

/** From one machine to another: what the one sends, and what the other takes from it. */
export interface Edge {
  readonly from: number
  readonly to: number
  readonly send: Subscription
  readonly accept: Subscription
  /** What the one says of the other. */
  readonly distributions: Subscription
  readonly maxBytes: number | undefined
  readonly streaming: boolean
  readonly connections: number
}

export interface PlannedMachine {
  readonly name: string
  /** What it writes into Path; its peers call it by its name. */
  readonly identity: string
  /** Its peers know of its identity. */
  readonly isKnown: boolean
  readonly address: string
  readonly skew: number
  readonly groups: readonly string[]
  /** Milliseconds after the beginning; from then on its peers know of it. */
  readonly joins: number
}

export interface Post {
  readonly at: number
  readonly id: string
  /** More than one where it is posted at several sites at once. */
  readonly machines: readonly number[]
  readonly groups: readonly string[]
  readonly octets: number
  readonly distribution: string | undefined
  /** What the poster wrote into Path. */
  readonly path: string | undefined
}

export type Fault =
  | { readonly kind: 'break'; readonly at: number }
  | {
      readonly kind: 'partition'
      readonly at: number
      readonly until: number
      readonly machines: readonly number[]
    }
  | {
      readonly kind: 'crash'
      readonly at: number
      readonly until: number
      readonly machine: number
      readonly how: How
    }
  | { readonly kind: 'reload'; readonly at: number; readonly machine: number }
  | { readonly kind: 'fail'; readonly at: number; readonly machine: number; readonly what: Failure }

/** `kill`, `power`: at once; `disk`: within a write; `offer`: after one was declined; `stop`: in order. */
export type How = 'kill' | 'power' | 'disk' | 'offer' | 'stop'

export interface Plan {
  readonly seed: number
  readonly calm: boolean
  /** 0: all is taken, however old. */
  readonly cutoffDays: number
  readonly machines: readonly PlannedMachine[]
  readonly edges: readonly Edge[]
  readonly posts: readonly Post[]
  readonly faults: readonly Fault[]
  /** Milliseconds after the beginning: nothing is posted and nothing breaks any more. */
  readonly healed: number
}

export interface Scale {
  readonly mostMachines: number
  readonly mostPosts: number
}

const anything: Subscription = { text: '*', wants: () => true }
const minute = 60_000
const hour = 3_600_000
const day = 24 * hour

/** One seed in four is calm: no faults, everybody carries everything. */
export function planOf(seed: number, scale: Scale): Plan {
  const chance = new Chance(seed)
  const calm = seed % 4 === 0
  const size = chance.between(3, scale.mostMachines)
  const active = chance.between(5, 180) * minute
  const away = !calm && chance.percent(30) ? 30 * day : 0
  const healed = active + away
  const machines = Array.from({ length: size }, (_, at) => machine(at, { chance, calm, active }))
  const edges = graph(size, { chance, calm })
  const posts = articles({ chance, machines, calm, active, away, most: scale.mostPosts })
  const faults = calm ? [] : trouble({ chance, size, active, away })
  const cutoffDays = chance.one([0, 10])
  return { seed, calm, cutoffDays, machines, edges, posts, faults, healed }
}

interface Drawing {
  readonly chance: Chance
  readonly calm: boolean
}

function machine(at: number, { chance, calm, active }: Drawing & { active: number }): PlannedMachine {
  const late = !calm && at > 2 && chance.percent(15)
  return {
    name: `n${at}.example`,
    identity: !calm && chance.percent(10) ? `other${at}.example` : `n${at}.example`,
    isKnown: chance.percent(50),
    address: `10.0.${at >> 8}.${at & 255}`,
    skew: calm || chance.percent(50) ? 0 : chance.between(-20 * minute, 20 * minute),
    groups: calm || chance.percent(70) ? groupNames : chance.some(groupNames, 4),
    joins: late ? chance.between(1, active) : 0,
  }
}

/** A random tree, so that all are joined, and some more edges; nearly all go both ways. */
function graph(size: number, { chance, calm }: Drawing): Edge[] {
  const pairs = new Set<string>()
  for (let at = 1; at < size; at++) pairs.add(`${chance.between(0, at - 1)} ${at}`)
  for (let extra = chance.between(0, size * 2); extra > 0; extra--) {
    const [a = 0, b = 0] = [chance.between(0, size - 1), chance.between(0, size - 1)].sort((x, y) => x - y)
    if (a !== b) pairs.add(`${a} ${b}`)
  }
  return [...pairs].flatMap(pair => {
    const [a = 0, b = 0] = pair.split(' ').map(Number)
    const oneWay = !calm && chance.percent(8)
    const there = edge(a, b, { chance, calm })
    return oneWay ? [there] : [there, edge(b, a, { chance, calm })]
  })
}

function edge(from: number, to: number, { chance, calm }: Drawing): Edge {
  const send = chance.percent(50) ? everything : anySubscription(chance)
  const accept = calm || chance.percent(75) ? everything : anySubscription(chance)
  const maxBytes = !calm && chance.percent(10) ? 4000 : undefined
  const streaming = chance.percent(85)
  const distributions = calm ? anything : anyDistributions(chance)
  return { from, to, send, accept, distributions, maxBytes, streaming, connections: chance.between(1, 4) }
}

interface Posting extends Drawing {
  readonly machines: readonly PlannedMachine[]
  readonly active: number
  readonly away: number
  readonly most: number
}

function articles({ chance, machines, calm, active, away, most }: Posting): Post[] {
  const count = chance.between(10, most)
  const burst = chance.percent(40) ? chance.between(1, active) : undefined
  return Array.from({ length: count }, (_, at) => {
    const twice = !calm && chance.percent(5)
    const when = burst !== undefined && chance.percent(60) ? burst + at : chance.between(1, active + away)
    return {
      at: Math.min(when, active + away),
      id: `<${at}.${chance.between(0, 999_999)}@simulation.example>`,
      machines: chance.some([...machines.keys()], twice ? 3 : 1),
      groups: chance.some(groupNames, chance.percent(70) ? 1 : 3),
      distribution: !calm && chance.percent(15) ? chance.one(['world', 'eu', 'us', 'eu,us']) : undefined,
      path: chance.percent(5)
        ? `${chance.one(['n0', 'n1', 'n2'])}.example!n1.example!not-for-mail`
        : undefined,
      octets: chance.percent(5) ? chance.between(50_000, 200_000) : chance.between(20, 6000),
    }
  })
}

interface Troubling {
  readonly chance: Chance
  readonly size: number
  readonly active: number
  readonly away: number
}

function trouble({ chance, size, active, away }: Troubling): Fault[] {
  const faults: Fault[] = []
  for (let count = chance.between(0, 12); count > 0; count--)
    faults.push({ kind: 'break', at: chance.between(1, active) })
  for (let count = chance.between(0, 4); count > 0; count--) {
    const at = chance.between(1, active)
    const machines = chance.some([...Array(size).keys()], chance.between(1, size - 1))
    faults.push({ kind: 'partition', at, until: at + chance.between(1, 60) * minute, machines })
  }
  for (let count = chance.between(0, size * 2); count > 0; count--) {
    const at = chance.between(1, active)
    const until = at + (chance.percent(70) ? chance.between(1, 120_000) : chance.between(1, 60) * minute)
    faults.push({ kind: 'crash', at, until, machine: chance.between(0, size - 1), how: anyHow(chance) })
  }
  for (let count = chance.between(0, size); count > 0; count--) {
    const what = chance.one<Failure>(['sync', 'append', 'batch', 'clock'])
    faults.push({ kind: 'fail', at: chance.between(1, active), machine: chance.between(0, size - 1), what })
  }
  for (let count = chance.between(0, 3); count > 0; count--)
    faults.push({ kind: 'reload', at: chance.between(1, active), machine: chance.between(0, size - 1) })
  if (away > 0) {
    const at = chance.between(1, active)
    for (const machine of chance.some([...Array(size).keys()], chance.between(1, 2)))
      faults.push({ kind: 'crash', at, until: at + away, machine, how: anyHow(chance) })
  }
  return faults
}

const anyHow = (chance: Chance): How =>
  chance.one(['kill', 'power', 'disk', 'disk', 'offer', 'offer', 'stop'])
