import { expect } from 'chai'
import fc from 'fast-check'
import { diskContract } from '../../contract/disk.ts'
import { rejection } from '../../support/rejection.ts'
import { seeded } from '../../support/seeded.ts'
import { SimDisk } from '../../support/sim-disk.ts'
import { PowerLost, systemError } from '../../support/sim-power.ts'

const bytes = (text: string) => Buffer.from(text, 'latin1')

async function survivors(prepare: (disk: SimDisk) => Promise<unknown>): Promise<Set<string>> {
  const found = new Set<string>()
  for (let seed = 0; seed < 300; seed++) {
    const disk = new SimDisk()
    await prepare(disk)
    const left = disk.crash(seeded(seed)).content('a')
    found.add(left === undefined ? 'absent' : left.toString('latin1'))
  }
  return found
}

describe('SimDisk', () => {
  describe('as every disk', () => {
    diskContract(async () => new SimDisk(1_000_000))
  })

  it('may lose a file whose directory was not synced', async () => {
    const found = await survivors(async disk => {
      const file = await disk.open('a')
      await file.append([bytes('octets')])
      await file.sync()
    })
    expect([...found].sort()).to.deep.equal(['absent', 'octets'])
  })

  it('may lose, tear or blank what was not synced, and nothing else', async () => {
    const found = await survivors(async disk => {
      const file = await disk.open('a')
      await file.append([bytes('safe')])
      await file.sync()
      await disk.syncDirectory()
      await file.append([bytes('lost')])
    })
    for (const left of found) expect(left).to.match(/^safe(l|lo|los|lost|\0{1,4})?$/)
    expect(found.size).to.equal(9)
  })

  it('may bring back what a truncation or a removal took', async () => {
    const begin = async (disk: SimDisk) => {
      const file = await disk.open('a')
      await file.append([bytes('octets')])
      await file.sync()
      await disk.syncDirectory()
      return file
    }
    const truncated = await survivors(async disk => (await begin(disk)).truncate(2))
    expect([...truncated].sort()).to.deep.equal(['oc', 'octets'])
    const removed = await survivors(async disk => {
      await begin(disk)
      await disk.remove('a')
    })
    expect([...removed].sort()).to.deep.equal(['absent', 'octets'])
  })

  it('keeps everything synced, whatever the seed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.array(fc.uint8Array({ maxLength: 2000 })), async (seed, writes) => {
        const disk = new SimDisk()
        const file = await disk.open('a')
        for (const octets of writes) await file.append([Buffer.from(octets)])
        await file.sync()
        await disk.syncDirectory()
        await file.append([bytes('more')])
        const left = disk.crash(seeded(seed)).content('a')
        const synced = Buffer.concat(writes)
        expect(left?.subarray(0, synced.length).equals(synced)).to.equal(true)
      }),
      { numRuns: 50 },
    )
  })

  it('fails for want of space with what fits written, and goes on when there is more', async () => {
    const disk = new SimDisk(5)
    const file = await disk.open('a')
    expect(await rejection(file.append([bytes('12345678')]))).to.have.property('code', 'ENOSPC')
    expect(disk.content('a')).to.deep.equal(bytes('12345'))
    expect(await disk.space()).to.deep.equal({ free: 0, total: 5 })
    await file.truncate(0)
    disk.capacity = 100
    await file.append([bytes('12345678')])
    expect(disk.content('a')).to.deep.equal(bytes('12345678'))
  })

  it('does not make durable later what a failed sync dropped', async () => {
    const found = await survivors(async disk => {
      const file = await disk.open('a')
      await disk.syncDirectory()
      await file.append([bytes('x')])
      disk.failNext('sync', systemError('EIO', 'sync'))
      expect(await rejection(file.sync())).to.have.property('code', 'EIO')
      await file.sync()
    })
    expect(found).to.include('')
  })

  it('is dead after the power went', async () => {
    const disk = new SimDisk()
    const file = await disk.open('a')
    disk.losePowerAfter(1)
    await file.append([bytes('x')])
    expect(await rejection(file.sync())).to.be.instanceOf(PowerLost)
    expect(await rejection(file.append([bytes('y')]))).to.be.instanceOf(PowerLost)
    expect(await rejection(disk.open('b'))).to.be.instanceOf(PowerLost)
    expect(await rejection(disk.syncDirectory())).to.be.instanceOf(PowerLost)
  })
})
