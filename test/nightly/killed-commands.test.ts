import { cp, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { Victim } from '../durability/victim.ts'
import { needs } from '../support/needs.ts'
import { Program, program } from '../support/program.ts'
import { seeded } from '../support/seeded.ts'
import { type TemporaryDirectory, temporaryDirectory } from '../support/temporary-directory.ts'

/** Kills of each command; one seed again with TIDINGS_SEED. */
const kills = Number(process.env.TIDINGS_COMMAND_KILLS ?? 60)
const seed = Number(process.env.TIDINGS_SEED ?? Math.floor(Math.random() * 1e9))

const strace = { probe: ['strace', '-V'], debian: 'strace' } as const
const calls = 'write,writev,pwrite64,pwritev,fdatasync,fsync,rename,unlink,unlinkat,ftruncate,mkdir,rmdir'
const env = { UV_THREADPOOL_SIZE: '1' }
const watching = (...more: string[]) => ['strace', '-D', '-f', '-qq', ...more, '-e', `trace=${calls}`]

describe('a command that is killed at one of its system calls', function () {
  this.timeout(60_000 + kills * 60_000)
  let home: TemporaryDirectory
  let victim: Victim
  const random = seeded(seed)

  before(async function () {
    needs(this, strace)
    home = await temporaryDirectory()
    victim = new Victim({ home: home.path, seed, mostArticles: 150 })
    await victim.prepare()
    for (let life = 0; life < 3; life++) await victim.liveAndDie()
    await victim.restInPeace()
    await program(words('backup', path('backup')))
    await cp(path('data'), path('sound'), { recursive: true })
  })

  after(() => home?.[Symbol.asyncDispose]())

  const path = (name: string) => join(home.path, name)
  const words = (...more: string[]) => ['--config', path('tidings.toml'), ...more]

  /** How many there are in the thread that makes most of them, the one that works on the disk: strace counts by thread. */
  async function callsOf(command: readonly string[]): Promise<number> {
    await using whole = new Program(words(...command), { under: watching('-o', path('calls')), env })
    expect(await whole.ended, whole.err).to.equal(0)
    const counts = new Map<string, number>()
    for (const [, thread = ''] of (await readFile(path('calls'), 'utf8')).matchAll(/^(\d+) /gm))
      counts.set(thread, (counts.get(thread) ?? 0) + 1)
    return Math.max(...counts.values())
  }

  async function* killedAt(command: readonly string[], fresh: () => Promise<void>): AsyncGenerator<string> {
    await fresh()
    const last = await callsOf(command)
    for (let kill = 0; kill < kills; kill++) {
      await fresh()
      const call = Math.ceil((last * (kill + random())) / kills)
      const inject = `inject=${calls}:signal=SIGKILL:when=${call}`
      const under = watching('-o', '/dev/null', '-e', inject)
      await using cut = new Program(words(...command), { under, env })
      await cut.ended
      yield `TIDINGS_SEED=${seed}, ${command[0]}, call ${call} of ${last}`
    }
  }

  async function isSound(where: string): Promise<void> {
    await victim.restInPeace()
    expect(victim.faults, where).to.deep.equal([])
  }

  it(`rebuild, ${kills} times (seed ${seed}): the next start serves all, under the same numbers`, async () => {
    const fresh = async () => {
      await rm(path('data'), { recursive: true })
      await cp(path('sound'), path('data'), { recursive: true })
    }
    for await (const where of killedAt(['rebuild'], fresh)) await isSound(where)
  })

  it(`restore, ${kills} times (seed ${seed}): there is nothing, or a start refuses, or all is there`, async () => {
    const fresh = () => rm(path('data'), { recursive: true, force: true })
    const restore = words('restore', path('backup'))
    const found = { nothing: 0, unfinished: 0, whole: 0 }
    for await (const where of killedAt(['restore', path('backup')], fresh)) {
      const names: string[] = await readdir(path('data')).catch(() => [])
      if (names.includes('tidings-format')) {
        found.whole++
        await using refused = new Program(restore)
        expect(await refused.ended, where).to.equal(73)
      } else if (names.includes('restoring')) {
        found.unfinished++
        await using refused = victim.start()
        expect(await refused.ended, where).to.equal(69)
        expect(refused.err, where).to.match(
          /was not finished: nothing was changed; run "tidings restore" again/,
        )
        await program(restore)
      } else {
        found.nothing++
        expect(names, where).to.deep.equal([])
        await program(restore)
      }
      await isSound(where)
    }
    console.log(`      ${JSON.stringify(found)}`)
  })
})
