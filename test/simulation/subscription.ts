/** Patterns of a simulated peering together with what they mean, worked out without the node's own matching. */
import type { Chance } from './chance.ts'

export const hierarchies = ['alpha', 'beta', 'gamma'] as const
export const groupNames: readonly string[] = hierarchies.flatMap(name => [`${name}.one`, `${name}.two`])

export interface Subscription {
  readonly text: string
  readonly wants: (groups: readonly string[]) => boolean
}

const one = (text: string, wants: (group: string) => boolean, poison?: (group: string) => boolean) => ({
  text,
  wants: (groups: readonly string[]) => groups.some(wants) && !groups.some(group => poison?.(group) === true),
})

const inside = (hierarchy: string) => (group: string) => group.startsWith(`${hierarchy}.`)

export const everything: Subscription = one('*', () => true)

/** What a site says of a peer's distributions: what it sends it and what it takes from it. RFC 5536 3.2.4 */
export function anyDistributions(chance: Chance): Subscription {
  if (chance.percent(80)) return { text: '*', wants: names => names.length === 0 || !names.includes('local') }
  const here = chance.one(['eu', 'us'])
  const wants = (names: readonly string[]) =>
    names.length === 0 || names.includes('world') || names.includes(here)
  return { text: `world,${here}`, wants }
}

export function anySubscription(chance: Chance): Subscription {
  const [first = 'alpha', second = 'beta'] = chance.some(hierarchies, 2)
  switch (chance.between(0, 7)) {
    case 0:
      return one(`${first}.*`, inside(first))
    case 1:
      return one(`*,!${first}.*`, group => !inside(first)(group))
    case 2:
      return one(`*,@${first}.*`, group => !inside(first)(group), inside(first))
    case 3:
      return one(`${first}.*,${second}.one`, group => inside(first)(group) || group === `${second}.one`)
    case 4:
      return one(`*,!*.two`, group => !group.endsWith('.two'))
    default:
      return everything
  }
}
