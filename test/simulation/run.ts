/** Seeds from the command line, with the log of the machines: `node dist/test/simulation/run.js FIRST [LAST] [-v]`. */
import { simulate } from './simulate.ts'

const [first = '1', last = first] = process.argv.slice(2).filter(argument => /^\d+$/.test(argument))
const say = process.argv.includes('-v') ? (line: string) => console.log(line) : undefined
const big = process.argv.includes('--big')
const scale = big ? { mostMachines: 50, mostPosts: 300 } : { mostMachines: 12, mostPosts: 60 }
for (let seed = Number(first); seed <= Number(last); seed++) {
  const started = performance.now()
  const report = await simulate(seed, scale, say)
  const { wrong, digest, ...rest } = report
  const milliseconds = Math.round(performance.now() - started)
  console.log(JSON.stringify({ ...rest, milliseconds, digest: digest.slice(0, 8), wrong: wrong.length }))
  for (const line of wrong.slice(0, 30)) console.log(`  ${line}`)
}
