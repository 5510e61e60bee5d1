/** Replays seeds: `node dist/test/simulation/run.js FIRST [LAST]`, with `-v` and the log of every machine. */
import { scaleOf } from './scale.ts'
import { simulate } from './simulate.ts'

const [first = '1', last = first] = process.argv.slice(2).filter(argument => /^\d+$/.test(argument))
const say = process.argv.includes('-v') ? (line: string) => console.log(line) : undefined
for (let seed = Number(first); seed <= Number(last); seed++) {
  const { wrong, digest, ...rest } = await simulate(seed, scaleOf(seed), say)
  console.log(JSON.stringify({ ...rest, digest: digest.slice(0, 8), wrong: wrong.length }))
  for (const line of wrong.slice(0, 30)) console.log(`  ${line}`)
}
