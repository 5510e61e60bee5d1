/** How large the simulation of a seed is: by the seed alone, so that its number is all that a replay needs. */
import type { Scale } from './plan.ts'

const usual: Scale = { mostMachines: 12, mostPosts: 60 }
const wide: Scale = { mostMachines: 50, mostPosts: 120 }
const deep: Scale = { mostMachines: 4, mostPosts: 1500 }

/** The first ones are run by everybody, all the time. */
const quick = 20

export function scaleOf(seed: number): Scale {
  if (seed <= quick) return usual
  // Every fourth is calm: some of those are wide too.
  if (seed % 10 === 7 || seed % 40 === 28) return wide
  return seed % 10 === 3 ? deep : usual
}
