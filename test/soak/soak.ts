/** A real node under mixed load for a long time: does anything grow? */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { systemClock } from '../../src/clock.ts'
import { Program } from '../support/program.ts'
import { seeded } from '../support/seeded.ts'
import { everybody, feeder, following, groups, type Work } from './clients.ts'
import { Gate } from './gate.ts'
import { type Sample, sample } from './sample.ts'
import { openSink } from './sink.ts'

export interface SoakOptions {
  /** Folder for its configuration and store. */
  readonly home: string
  readonly seconds: number
  /** Times that all clients wait and the node is looked at. */
  readonly looks: number
  readonly seed: number
  readonly told?: (sample: Sample) => void
}

export interface SoakReport {
  readonly samples: readonly Sample[]
  readonly counts: ReadonlyMap<string, number>
  /** Lines of the log that speak of errors. */
  readonly errors: readonly string[]
  readonly code: number | null
}

const kept = 20_000

export async function soak(options: SoakOptions): Promise<SoakReport> {
  const { home, seconds, looks, seed, told } = options
  const file = join(home, 'tidings.toml')
  const probe = join(home, 'probe.sock')
  await using sink = await openSink()
  const configure = (fed: boolean) => writeFile(file, settings(fed ? sink.port : undefined))
  await configure(true)
  const env = {
    NODE_OPTIONS: `--import ${pathToFileURL(join(import.meta.dirname, 'probe.js')).href}`,
    TIDINGS_PROBE: probe,
  }
  await using node = new Program(['--config', file, 'start'], { env })
  const [, port] = await node.shows(/port (\d+)[\s\S]*Ctrl-C stops it/)
  const [web = ''] = await node.shows(/http:\/\/127\.0\.0\.1:\d+/)
  const counts = new Map<string, number>()
  const control = join(home, 'run', 'control.sock')
  const work: Work = { port: Number(port), web, control, random: seeded(seed), counts, configure }
  const gate = new Gate()
  const stop = new AbortController()
  const failure = new AbortController()
  const turns = await everybody(work)
  const running = Promise.all([...turns.map(turn => gate.repeat(turn)), following(work, stop.signal)]).catch(
    error => {
      failure.abort(error)
      throw error
    },
  )
  running.catch(() => undefined)
  const said = () => `the node said: ${node.err.slice(-4000)}`
  const samples: Sample[] = []
  const looked = { pid: node.pid ?? 0, probe, store: join(home, 'data') }
  for (let look = 0; look < looks && !failure.signal.aborted; look++) {
    await systemClock.sleep((seconds * 1000) / looks, failure.signal)
    await Promise.race([gate.close(), running.catch(() => undefined)])
    if (failure.signal.aborted) break
    const seen = await sample(looked, counts.get('article') ?? 0)
    samples.push(seen)
    told?.(seen)
    gate.open()
  }
  gate.end()
  stop.abort()
  await running.catch(cause => {
    throw new Error(said(), { cause })
  })
  counts.set('offered', sink.offered)
  node.signal('SIGTERM')
  const code = await node.ended
  const errors = node.err.split('\n').filter(line => /"level":"(error|fatal)"|^ *at |Error:/.test(line))
  return { samples, counts, errors, code }
}

function settings(sink: number | undefined): string {
  const fed = `[[peer]]\nname = "sink.example"\nto = "127.0.0.1:${sink}"\nsend = "soak.*"\nmax_connections = 1\n`
  return `
[node]
path_identity = "node.example"
data = "data"
[listen]
nntp = ["127.0.0.1:0"]
web = ["127.0.0.1:0"]
admin = []
control = "run/control.sock"
[limits]
posts_per_hour = 1000000
[[access]]
read = "*"
post = "*"
${groups.map(name => `[[group]]\nname = "${name}"\n[[expire]]\ngroups = "${name}"\nkeep_articles = ${kept}`).join('\n')}
[[peer]]
name = "${feeder}"
from = ["127.0.0.1"]
accept = "*"
${sink === undefined ? '' : fed}`
}
