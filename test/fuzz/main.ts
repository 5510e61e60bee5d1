/** `npm run fuzz -- --seconds 60 [--only NAMES] [--seed N]`: fuzzes until the time is over or something fails. */
import { parseArgs } from 'node:util'
import { type Failure, fuzz } from './fuzz.ts'
import { keep } from './replay.ts'
import { targets } from './targets.ts'

/** Milliseconds for 64 kB. */
const patience = 50
const text = { type: 'string' } as const

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { seconds: text, only: text, seed: text } })
  const only = values.only?.split(',')
  const chosen = targets.filter(({ name }) => only?.includes(name) ?? true)
  const seconds = Number(values.seconds ?? 60)
  if (chosen.length === 0 || !(seconds > 0)) {
    console.error(`npm run fuzz -- [--seconds N] [--seed N] [--only ${targets.map(it => it.name).join(',')}]`)
    return 64
  }
  const seed = Number(values.seed ?? Date.now() % 1_000_000)
  const failures: Failure[] = []
  for (const target of chosen) {
    const end = performance.now() + (seconds * 1000) / chosen.length
    let tried = 0
    const more = (count: number) => {
      tried = count
      return performance.now() < end
    }
    const failure = await fuzz({ target, seed, more, patience })
    console.log(`${target.name.padEnd(14)} ${tried} inputs, seed ${seed}: ${failure ? 'FAILED' : 'good'}`)
    if (failure !== undefined) failures.push(failure)
  }
  for (const failure of failures) {
    console.log(`\n${failure.target}: ${failure.problem}`)
    console.log(
      `${failure.input.length} octets: ${JSON.stringify(failure.input.toString('latin1').slice(0, 500))}`,
    )
    console.log(`kept as ${keep(failure)}; npm test tries it from now on`)
  }
  return failures.length === 0 ? 0 : 1
}

process.exitCode = await main()
