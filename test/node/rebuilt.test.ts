import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { z } from 'zod'
import { FakeProcess } from '../cli/fake-process.ts'
import { RunningSite } from '../support/running-site.ts'

const statusSchema = z.object({ newest: z.object({ arrival: z.number(), time: z.number() }) })
const article = 'From: ann@site.example\nNewsgroups: local.test\nSubject: one\n\ntext\n'

describe('a node whose index was made again', function () {
  this.timeout(30_000)

  it('says of the newest arrival when it came, though that was no article', async () => {
    await using site = await RunningSite.start('site.example')
    const newest = async () => {
      const { out } = await site.run(['status', '--json'])
      return statusSchema.parse(JSON.parse(out)).newest
    }
    const posted = await site.run(['post'], new FakeProcess({ input: article }))
    expect(posted).to.include({ code: 0, err: '' })
    expect((await site.run(['group', 'add', 'local.late'])).code).to.equal(0)
    const before = await newest()
    await site.end()
    expect((await site.run(['rebuild'])).code).to.equal(0)
    await site.begin()
    const after = await newest()
    expect(after.arrival).to.equal(before.arrival)
    expect(before.time - after.time).to.be.within(0, 60)
  })

  it('says when the newest came, however many newsgroups were made after it', async () => {
    await using site = await RunningSite.start('site.example')
    await site.run(['post'], new FakeProcess({ input: article }))
    const active = join(site.folder, 'active')
    writeFileSync(active, Array.from({ length: 100 }, (_, at) => `late.g${at} 0 1 y\n`).join(''))
    expect((await site.run(['group', 'import', active])).code).to.equal(0)
    await site.end()
    await site.run(['rebuild'])
    await site.begin()
    expect((await site.run(['status'])).out).to.match(/each group\) {2}newest .* ago \(arrival 10\d\)\n/)
  })
})
