/** What every `Disk` does. */
import { expect } from 'chai'
import type { Disk, DiskFile } from '../../src/storage/disk/disk.ts'
import { rejection } from '../support/rejection.ts'

const bytes = (text: string) => Buffer.from(text, 'latin1')

async function text(file: DiskFile): Promise<string> {
  return (await file.read(0, (await file.size()) + 10)).toString('latin1')
}

/** `make` gives a new, empty disk. */
export function diskContract(make: () => Promise<Disk>): void {
  let disk: Disk
  beforeEach(async () => {
    disk = await make()
  })

  it('creates a file once and finds it again', async () => {
    expect(await disk.list()).to.deep.equal([])
    const file = await disk.open('b')
    await file.append([bytes('octets')])
    await file.sync()
    await file.close()
    await disk.syncDirectory()
    const again = await disk.open('b')
    expect(await text(again)).to.equal('octets')
    await again.close()
    await (await disk.open('a')).close()
    expect(await disk.list()).to.deep.equal(['a', 'b'])
  })

  it('appends many chunks at the end, empty ones too', async () => {
    const file = await disk.open('a')
    const chunks = Array.from({ length: 3000 }, (_, index) => bytes(index % 7 === 0 ? '' : `${index},`))
    await file.append(chunks)
    await file.append([])
    await file.append([bytes('end')])
    expect(await text(file)).to.equal(`${chunks.join('')}end`)
    expect(await file.size()).to.equal(chunks.join('').length + 3)
    await file.close()
  })

  it('keeps what was appended although the buffers are used again', async () => {
    const file = await disk.open('a')
    const chunk = bytes('first')
    await file.append([chunk])
    chunk.write('other')
    await file.append([chunk])
    expect(await text(file)).to.equal('firstother')
    await file.close()
  })

  it('reads what is there, and less at the end', async () => {
    const file = await disk.open('a')
    await file.append([bytes('0123456789')])
    const read = async (position: number, length: number) => String(await file.read(position, length))
    expect(await read(3, 4)).to.equal('3456')
    expect(await read(8, 4)).to.equal('89')
    expect(await read(10, 4)).to.equal('')
    expect(await read(20, 4)).to.equal('')
    await file.close()
  })

  it('truncates, and appends behind the cut', async () => {
    const file = await disk.open('a')
    await file.append([bytes('0123456789')])
    await file.truncate(4)
    await file.append([bytes('x')])
    await file.truncate(5)
    expect(await text(file)).to.equal('0123x')
    await file.truncate(0)
    expect(await file.size()).to.equal(0)
    await file.close()
  })

  it('removes a file', async () => {
    await (await disk.open('a')).close()
    await disk.remove('a')
    await disk.syncDirectory()
    expect(await disk.list()).to.deep.equal([])
    expect(await rejection(disk.remove('a'))).to.have.property('code', 'ENOENT')
  })

  it('rejects the use of a closed file', async () => {
    const file = await disk.open('a')
    await file.close()
    for (const use of [
      file.append([bytes('x')]),
      file.sync(),
      file.truncate(0),
      file.read(0, 1),
      file.size(),
    ]) {
      expect(await rejection(use)).to.have.property('code', 'EBADF')
    }
  })

  it('knows its space', async () => {
    const { free, total } = await disk.space()
    expect(free).to.be.greaterThan(0)
    expect(total).to.be.at.least(free)
  })
}
