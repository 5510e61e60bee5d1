import { expect } from 'chai'
import { Victim } from '../durability/victim.ts'
import { needs } from '../support/needs.ts'
import { seeded } from '../support/seeded.ts'
import { temporaryDirectory } from '../support/temporary-directory.ts'

/** System calls that fail or kill, each in a life of its own; one seed again with TIDINGS_SEED. */
const faults = Number(process.env.TIDINGS_FAULTS ?? 500)
const seed = Number(process.env.TIDINGS_SEED ?? Math.floor(Math.random() * 1e9))

interface Kind {
  readonly name: string
  readonly calls: string
  readonly effect: string
  /** The call that fails is one of the first so many. */
  readonly within: number
}

const strace = { probe: ['strace', '-V'], debian: 'strace' } as const

const kinds: readonly Kind[] = [
  {
    name: 'is killed at a write, sync, rename or unlink',
    calls: 'write,writev,pwrite64,pwritev,fdatasync,fsync,rename,unlink,ftruncate',
    effect: 'signal=SIGKILL',
    within: 3000,
  },
  { name: 'cannot sync', calls: 'fdatasync,fsync', effect: 'error=EIO', within: 120 },
  { name: 'cannot write to the disk', calls: 'pwrite64,pwritev', effect: 'error=EIO', within: 200 },
  { name: 'finds no room', calls: 'pwrite64,pwritev,fallocate', effect: 'error=ENOSPC', within: 200 },
  { name: 'cannot read from the disk', calls: 'pread64', effect: 'error=EIO', within: 40 },
  { name: 'has no descriptors left', calls: 'openat', effect: 'error=EMFILE', within: 1200 },
]

describe('a node whose system calls fail', () => {
  before(function () {
    needs(this, strace)
  })

  for (const [at, { name, calls, effect, within }] of kinds.entries()) {
    const times = Math.ceil(faults / kinds.length)
    it(`keeps what it acknowledged where it ${name}, ${times} times (seed ${seed})`, async function () {
      this.timeout(60_000 + times * 30_000)
      await using home = await temporaryDirectory()
      // A look at everything at each start would take longer with each fault: that comes at the end.
      const depth = { newest: 500, some: 300, random: seeded(seed - at) }
      const victim = new Victim({ home: home.path, seed: seed + at, mostArticles: 300, depth })
      await victim.prepare()
      const random = seeded(seed + at)
      const codes = new Map<string, number>()
      for (let time = 1; time <= times; time++) {
        const call = 1 + Math.floor(random() * within)
        const inject = `inject=${calls}:${effect}:when=${call}`
        const under = ['strace', '-D', '-f', '-qq', '-o', '/dev/null', '-e', `trace=${calls}`, '-e', inject]
        const { err, code } = await victim.suffer({ under, env: { UV_THREADPOOL_SIZE: '1' } })
        codes.set(String(code), (codes.get(String(code)) ?? 0) + 1)
        // A process that gives up says why, in a sentence and without a stack of calls.
        if (code !== null && code !== 0) expect(err.trim(), `${inject}`).to.not.equal('')
        await victim.liveAndDie()
        expect(victim.faults, `TIDINGS_SEED=${seed}, time ${time}, ${inject}`).to.deep.equal([])
      }
      await victim.restInPeace()
      expect(victim.faults, `TIDINGS_SEED=${seed}`).to.deep.equal([])
      const { acknowledged, sent } = victim.recorder
      console.log(
        `      ${times} faults, ${sent.size} sent, ${acknowledged.size} acknowledged, lost 0; ended with ${JSON.stringify([...codes])}`,
      )
    })
  }
})
