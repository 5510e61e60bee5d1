import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect } from 'chai'
import type { Most } from './count.ts'
import { attempt, fuzz } from './fuzz.ts'
import { mostOctets } from './mutator.ts'
import { kept } from './replay.ts'
import { octets, type Target, whole } from './target.ts'
import { targets } from './targets.ts'

const inputs = 150
/** Parts of functions an octet: about what runs in 50 ms for 64 kB. */
const mostWork = 50
const seed = Date.now() % 1_000_000

const planted = (run: Target['run']): Target => ({
  name: 'planted',
  seeds: [octets('abc')],
  words: ['b!'],
  run,
})

describe('fuzzing', () => {
  for (const target of targets) {
    it(`${target.name}: throws nothing, and tells the same however it is cut`, async () => {
      for (const input of target.seeds) expect(await attempt(target, input)).to.equal(undefined)
      const failure = await fuzz({ target, seed, more: count => count < inputs })
      expect(failure && `seed ${seed}: ${failure.problem}\n${failure.input.toString('hex')}`).to.equal(
        undefined,
      )
    })
  }

  for (const { file, target, input } of kept())
    it(`again: ${file}`, async () => {
      const found = targets.find(({ name }) => name === target)
      expect(found && (await attempt(found, input))).to.equal(undefined)
    })

  it('finds what throws, and makes it short', async () => {
    const target = planted(pieces => {
      const text = whole(pieces).toString('latin1')
      if (text.includes('b!')) throw new Error('planted')
      return text
    })
    const failure = await fuzz({ target, seed: 1, more: count => count < 2000 })
    expect(failure?.problem).to.contain('planted')
    expect(failure?.input.toString()).to.equal('b!')
  })

  it('finds what depends on the pieces', async () => {
    const target = planted(pieces => String(pieces.length > 3))
    const failure = await fuzz({ target, seed: 1, more: count => count < 100 })
    expect(failure?.problem).to.match(/^in pieces: /)
  })

  it('needs work for 64 kB that is bounded', async function () {
    this.timeout(60_000)
    const program = fileURLToPath(new URL('./count.js', import.meta.url))
    const { stdout } = await promisify(execFile)(process.execPath, [program])
    const counted: readonly Most[] = JSON.parse(stdout)
    expect(counted.map(({ target }) => target)).to.deep.equal(targets.map(({ name }) => name))
    for (const most of counted) expect(most.work, JSON.stringify(most)).to.be.lessThan(mostOctets * mostWork)
    // Each octet of a line is looked at once at least: so the counting counts.
    expect(counted.find(({ target }) => target === 'wire')?.work).to.be.greaterThan(mostOctets)
  })
})
