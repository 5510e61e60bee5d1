import { crc32 } from 'node:zlib'
import { expect } from 'chai'
import { systemClock } from '../../../src/clock.ts'
import type { RecordChanges } from '../../../src/storage/database/store.ts'
import type { Disk } from '../../../src/storage/disk/disk.ts'
import { NodeDisk } from '../../../src/storage/disk/node-disk.ts'
import { FrameEncoder } from '../../../src/storage/journal/frame.ts'
import { Journal, type JournalOptions } from '../../../src/storage/journal/journal.ts'
import {
  CorruptJournal,
  NoSpace,
  SyncFailed,
  WriteFailed,
} from '../../../src/storage/journal/journal-error.ts'
import { rejection } from '../../support/rejection.ts'
import { seeded } from '../../support/seeded.ts'
import { SimDisk } from '../../support/sim-disk.ts'
import { systemError } from '../../support/sim-power.ts'
import { temporaryDirectory } from '../../support/temporary-directory.ts'

const record = (name: string, size = 5): RecordChanges => [
  { database: 'articles', key: Buffer.from(name), value: Buffer.alloc(size, name) },
  { database: 'index', key: Buffer.from(name), value: undefined },
]

/** Opens and gives the names of the records found, too. */
async function open(disk: Disk, options?: JournalOptions) {
  const names: string[] = []
  const replay = async (changes: RecordChanges) => {
    for (const { key, value } of changes) if (value !== undefined) names.push(key.toString())
  }
  return { ...(await Journal.open(disk, replay, options)), names }
}

const firstFile = '0000000000000001.journal'

async function corruption(disk: Disk): Promise<CorruptJournal> {
  const error = await rejection(open(disk))
  if (error instanceof CorruptJournal) return error
  throw error
}

describe('Journal', () => {
  it('replays large values that bring their own checksum as they were', async () => {
    const disk = new SimDisk()
    const { journal } = await open(disk)
    const large = Buffer.alloc(200_000, 'an article')
    large.writeUInt32BE(crc32(large.subarray(4)))
    await journal.append([
      [{ database: 'articles', key: Buffer.from('large'), value: large, selfChecked: true }],
    ])
    const found: Buffer[] = []
    await Journal.open(disk.crash(seeded(1)), async changes => {
      for (const { value } of changes) if (value !== undefined) found.push(value)
    })
    expect(found).to.deep.equal([large])
  })

  it('begins empty and replays what was appended, in order', async () => {
    const disk = new SimDisk()
    const { journal, recovery, names } = await open(disk)
    expect(names).to.deep.equal([])
    expect(recovery).to.include({ records: 0, frames: 0, cut: 0 })
    expect(journal).to.include({ sequence: 0, size: 0 })
    await journal.append([record('a'), record('b')])
    await journal.append([])
    await journal.append([record('c')])
    expect(journal.sequence).to.equal(3)
    expect(journal.size).to.equal(disk.content(firstFile)?.length)

    const readings = [100, 112.3456]
    const clock = { ...systemClock, monotonic: () => readings.shift() ?? 0 }
    const again = await open(disk.crash(seeded(1)), { clock })
    expect(again.names).to.deep.equal(['a', 'b', 'c'])
    expect(again.recovery).to.deep.equal({ records: 3, frames: 2, cut: 0, milliseconds: 12.35 })
    expect(again.journal.sequence).to.equal(3)
    await again.journal.append([record('d')])
    expect(again.journal.sequence).to.equal(4)
    expect((await open(disk.crash(seeded(1)))).names).to.deep.equal(['a', 'b', 'c'])
  })

  it('hands out every change as it was, frame by frame, again and again', async () => {
    const disk = new SimDisk()
    const { journal } = await open(disk)
    const written = [[record('a'), record('b', 100_000)], [record('c', 2_000_000)]]
    for (const records of written) await journal.append(records)
    for (let turn = 0; turn < 2; turn++) {
      const frames: RecordChanges[] = []
      const replay = async (changes: RecordChanges) => void frames.push(changes)
      const { journal: again } = await Journal.open(disk, replay)
      expect(frames).to.deep.equal(written.map(records => records.flat()))
      frames.length = 0
      await again.replay(replay)
      expect(frames).to.deep.equal(written.map(records => records.flat()))
    }
  })

  it('keeps the order of calls that do not wait for each other', async () => {
    const disk = new SimDisk()
    const { journal } = await open(disk)
    const names = Array.from({ length: 50 }, (_, turn) => `r${turn}`)
    await Promise.all([...names.map(name => journal.append([record(name)])), journal.checkpoint(0)])
    expect((await open(disk)).names).to.deep.equal(names)
  })

  it('works on a real disk', async () => {
    await using directory = await temporaryDirectory()
    const disk = await NodeDisk.open(directory.path)
    const { journal } = await open(disk, { fileLength: 20_000 })
    const names = Array.from({ length: 30 }, (_, turn) => `r${turn}`)
    for (const name of names) await journal.append([record(name, 3000), record(`${name}x`, 40_000)])
    await journal.close()
    const again = await open(disk)
    expect(again.names).to.deep.equal(names.flatMap(name => [name, `${name}x`]))
    await again.journal.checkpoint(60)
    await again.journal.close()
    expect(await disk.list()).to.deep.equal(['0000000000000061.journal'])
    await disk.close()
  })

  describe('damage', () => {
    let content: Buffer
    /** Offsets at which the three frames begin, and the end. */
    let offsets: number[]
    beforeEach(async () => {
      const disk = new SimDisk()
      const { journal } = await open(disk)
      offsets = [0]
      for (const names of [['a', 'b'], ['c'], ['d', 'e']]) {
        await journal.append(names.map(name => record(name)))
        offsets.push(journal.size)
      }
      content = disk.content(firstFile) ?? Buffer.alloc(0)
    })

    const diskWith = (octets: Buffer) => {
      const disk = new SimDisk()
      disk.write(firstFile, octets)
      return disk
    }

    const flipped = (offset: number, bit: number) => {
      const octets = Buffer.from(content)
      octets[offset] = (octets[offset] ?? 0) ^ (1 << bit)
      return octets
    }

    it('cuts a last frame torn at any octet, and goes on behind the one before', async () => {
      const [, , last = 0, end = 0] = offsets
      for (let length = last; length < end; length++) {
        const disk = diskWith(content.subarray(0, length))
        const { journal, recovery, names } = await open(disk)
        expect(names).to.deep.equal(['a', 'b', 'c'])
        expect(recovery).to.include({ records: 3, frames: 2, cut: length - last })
        await journal.append([record('f')])
        const again = await open(disk.crash(seeded(length)))
        expect(again.names).to.deep.equal(['a', 'b', 'c', 'f'])
        expect(again.recovery.cut).to.equal(0)
      }
    })

    it('cuts a last frame with a flipped bit anywhere', async () => {
      const [, , last = 0, end = 0] = offsets
      for (let offset = last; offset < end; offset++) {
        const { recovery, names } = await open(diskWith(flipped(offset, offset % 8)))
        expect(names, `octet ${offset}`).to.deep.equal(['a', 'b', 'c'])
        expect(recovery.cut).to.equal(end - last)
      }
    })

    it('cuts zeros and garbage at the end', async () => {
      for (const rest of [Buffer.alloc(5000), Buffer.alloc(3_000_000, 'x'), Buffer.alloc(77, content)]) {
        const { recovery, names } = await open(diskWith(Buffer.concat([content, rest.subarray(1)])))
        expect(names).to.deep.equal(['a', 'b', 'c', 'd', 'e'])
        expect(recovery.cut).to.equal(rest.length - 1)
      }
    })

    it('refuses a flipped bit anywhere in an earlier frame, and hands out nothing', async () => {
      const [, second = 0, last = 0] = offsets
      for (let offset = 0; offset < last; offset++) {
        const octets = flipped(offset, offset % 8)
        const disk = diskWith(octets)
        let replayed = 0
        const error = await rejection(Journal.open(disk, async () => void replayed++))
        expect(error, `octet ${offset}`).to.be.instanceOf(CorruptJournal)
        expect(error).to.include({ file: firstFile, offset: offset < second ? 0 : second })
        expect(replayed).to.equal(0)
        expect(disk.content(firstFile)).to.deep.equal(octets)
      }
    })

    it('finds the intact frame behind a long damaged one', async () => {
      const disk = new SimDisk()
      const { journal } = await open(disk)
      await journal.append([record('long', 3_500_000)])
      await journal.append([record('z')])
      const octets = Buffer.from(disk.content(firstFile) ?? '')
      octets.writeUInt8(1, 3000)
      expect((await corruption(diskWith(octets))).offset).to.equal(0)
    })

    it('refuses a frame that is missing, and one that is there twice', async () => {
      const [, second = 0, last = 0] = offsets
      const without = Buffer.concat([content.subarray(0, second), content.subarray(last)])
      expect((await corruption(diskWith(without))).offset).to.equal(second)
      const twice = Buffer.concat([content.subarray(0, last), content.subarray(second)])
      expect((await corruption(diskWith(twice))).offset).to.equal(last)
    })

    it('does not take stale octets of an old file for a later frame', async () => {
      const stale = Buffer.concat(new FrameEncoder().records(3, [record('old')]))
      const { names, recovery } = await open(diskWith(Buffer.concat([content, Buffer.from('torn'), stale])))
      expect(names).to.deep.equal(['a', 'b', 'c', 'd', 'e'])
      expect(recovery.cut).to.equal(stale.length + 4)
    })
  })

  describe('files', () => {
    const small = { fileLength: 200 }
    let disk: SimDisk
    let journal: Journal
    beforeEach(async () => {
      disk = new SimDisk()
      journal = (await open(disk, small)).journal
      for (const name of 'abcdefghij') await journal.append([record(name, 50)])
    })

    it('roll when they are full, named by their first record', async () => {
      const names = await disk.list()
      expect(names).to.deep.equal([1, 3, 5, 7, 9].map(first => `000000000000000${first}.journal`))
      expect((await open(disk, small)).names.join('')).to.equal('abcdefghij')
    })

    it('are removed by a checkpoint when all in them is below it', async () => {
      const size = journal.size
      await journal.checkpoint(5)
      expect((await disk.list()).map(name => Number.parseInt(name, 10))).to.deep.equal([5, 7, 9, 11])
      expect(journal.size).to.be.lessThan(size)
      const kept = await open(disk.crash(seeded(3)), small)
      expect(kept.names.join('')).to.equal('efghij')
      expect(kept.journal).to.include({ sequence: 10, size: journal.size })
    })

    it('leave next to nothing when a checkpoint covers all, and the sequence goes on', async () => {
      await journal.checkpoint(10)
      expect(await disk.list()).to.deep.equal(['0000000000000011.journal'])
      expect(journal.size).to.be.lessThan(64)
      await journal.checkpoint(10)
      await journal.append([record('k')])
      expect(journal.sequence).to.equal(11)
      const again = await open(disk.crash(seeded(3)), small)
      expect(again.names).to.deep.equal(['k'])
      await again.journal.append([record('l')])
      expect(again.journal.sequence).to.equal(12)
    })

    it('refuse a checkpoint of what is not written yet', async () => {
      expect(await rejection(journal.checkpoint(11))).to.be.instanceOf(RangeError)
    })

    it('refuse to open when one is missing in the middle or at the start', async () => {
      await journal.checkpoint(2)
      for (const first of [3, 5, 7, 9]) {
        const copy = new SimDisk()
        for (const name of await disk.list()) {
          if (Number.parseInt(name, 10) !== first) copy.write(name, disk.content(name) ?? Buffer.alloc(0))
        }
        const error = await corruption(copy)
        expect(error.message).to.contain(`records from ${first} on are missing`)
      }
    })

    it('refuse to open when the end of one but the last is damaged', async () => {
      const name = '0000000000000003.journal'
      const octets = disk.content(name) ?? Buffer.alloc(0)
      disk.write(name, octets.subarray(0, octets.length - 1))
      expect(await corruption(disk)).to.have.property('file', name)
    })

    it('leave other files of the directory alone', async () => {
      disk.write('notes.txt', Buffer.from('mine'))
      await journal.checkpoint(10)
      const again = await open(disk, small)
      expect(again.names).to.deep.equal([])
      expect(await disk.list()).to.include('notes.txt')
    })

    it('try again to remove one that could not be', async () => {
      disk.failNext('remove', systemError('EIO', 'remove'))
      expect(await rejection(journal.checkpoint(10))).to.be.instanceOf(WriteFailed)
      await journal.append([record('k')])
      await journal.checkpoint(10)
      expect(await disk.list()).to.deep.equal(['0000000000000011.journal'])
    })
  })

  describe('errors of the disk', () => {
    let disk: SimDisk
    let journal: Journal
    beforeEach(async () => {
      disk = new SimDisk()
      journal = (await open(disk)).journal
      await journal.append([record('a')])
    })

    it('no space: keeps nothing of the frame, and goes on when there is space', async () => {
      const size = journal.size
      disk.capacity = size + 60
      for (let turn = 0; turn < 3; turn++) {
        expect(await rejection(journal.append([record('b', 100)]))).to.be.instanceOf(NoSpace)
        expect(disk.content(firstFile)?.length).to.equal(size)
        expect(journal).to.include({ sequence: 1, size })
      }
      expect((await open(disk.crash(seeded(5)))).names).to.deep.equal(['a'])
    })

    it('no space: the same calls succeed later', async () => {
      disk.capacity = journal.size + 60
      expect(await rejection(journal.append([record('b', 100)]))).to.be.instanceOf(NoSpace)
      disk.capacity = 10_000
      await journal.append([record('b', 100)])
      const { names, recovery } = await open(disk.crash(seeded(5)))
      expect(names).to.deep.equal(['a', 'b'])
      expect(recovery.cut).to.equal(0)
    })

    it('no space for a new file or a checkpoint', async () => {
      disk.failNext('open', systemError('ENOSPC', 'open'))
      expect(await rejection(journal.checkpoint(1))).to.be.instanceOf(NoSpace)
      disk.failNext('append', systemError('EDQUOT', 'append'))
      expect(await rejection(journal.checkpoint(1))).to.be.instanceOf(NoSpace)
      expect((await open(disk)).names).to.deep.equal(['a'])
      await journal.append([record('b')])
      expect((await open(disk)).names).to.deep.equal(['a', 'b'])
      await journal.checkpoint(2)
      expect((await open(disk)).names).to.deep.equal([])
    })

    it('another write error, and one of the repair after it', async () => {
      const size = journal.size
      disk.failNext('append', systemError('EIO', 'append'))
      disk.failNext('truncate', systemError('EIO', 'truncate'))
      expect(await rejection(journal.append([record('b')]))).to.be.instanceOf(WriteFailed)
      expect(disk.content(firstFile)?.length).to.be.greaterThan(size)
      disk.failNext('truncate', systemError('EIO', 'truncate'))
      expect(await rejection(journal.append([record('b')]))).to.be.instanceOf(WriteFailed)
      await journal.append([record('c')])
      expect((await open(disk.crash(seeded(1)))).names).to.deep.equal(['a', 'c'])
    })

    it('a failed sync is the end: every later call rejects', async () => {
      disk.failNext('sync', systemError('EIO', 'fdatasync'))
      const error = await rejection(journal.append([record('b')]))
      expect(error).to.be.instanceOf(SyncFailed)
      expect(journal.sequence).to.equal(1)
      const calls = [journal.append([record('c')]), journal.checkpoint(1), journal.replay(async () => {})]
      for (const call of calls) expect(await rejection(call)).to.equal(error)
      await journal.close()
      expect((await open(disk.crash(() => 0))).names).to.deep.equal(['a'])
    })

    it('a failed sync of the directory or of the repair is the same', async () => {
      disk.failNext('append', systemError('ENOSPC', 'append'))
      disk.failNext('sync', systemError('EIO', 'fdatasync'))
      expect(await rejection(journal.append([record('b')]))).to.be.instanceOf(SyncFailed)

      const other = new SimDisk()
      const { journal: begun } = await open(other)
      other.failNext('syncDirectory', systemError('EIO', 'fsync'))
      expect(await rejection(begun.append([record('a')]))).to.be.instanceOf(SyncFailed)
      expect(await rejection(begun.append([record('a')]))).to.be.instanceOf(SyncFailed)
    })

    it('a key that is too long is the fault of the caller, and nothing is written', async () => {
      const size = journal.size
      const key = Buffer.alloc(70_000)
      const append = journal.append([[{ database: 'state', key, value: undefined }]])
      expect(await rejection(append)).to.be.instanceOf(RangeError)
      expect(journal.size).to.equal(size)
      await journal.append([record('b')])
    })

    it('closed: rejects', async () => {
      await journal.close()
      await journal.close()
      expect(await rejection(journal.append([record('b')]))).to.be.an('error')
    })
  })
})
