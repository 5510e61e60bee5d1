/** Expired articles give their room back to the disk, in LevelDB directories as they are. */
import { randomBytes } from 'node:crypto'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { Article } from '../../../src/article.ts'
import { openNode } from '../../../src/composition/node.ts'
import { silentLog } from '../../../src/log.ts'
import { Reason } from '../../../src/reason.ts'
import { openDataDirectory } from '../../../src/storage/opening/data-directory.ts'
import { MovedClock } from '../../support/moved-clock.ts'
import { proto, testConfig } from '../../support/node.ts'
import { temporaryDirectory } from '../../support/temporary-directory.ts'

async function octetsIn(directory: string): Promise<number> {
  const names = (await readdir(directory)).filter(name => name.endsWith('.ldb'))
  const sizes = await Promise.all(names.map(async name => (await stat(join(directory, name))).size))
  return sizes.reduce((sum, size) => sum + size, 0)
}

describe('the disk', () => {
  it('has the room of expired articles again', async function () {
    this.timeout(30_000)
    await using home = await temporaryDirectory()
    const clock = new MovedClock()
    const config = testConfig({ expire: [{ groups: 'local.test', keep_days: 1 }] })
    const data = await openDataDirectory(join(home.path, 'data'), silentLog)
    {
      await using node = await openNode({
        ...data,
        config: () => config,
        clock,
        log: silentLog,
        random: octets => Buffer.alloc(octets, 7),
        fatal: error => Promise.reject(error),
      })
      const bring = async (group: string, name: string) => {
        const id = `<${name}@disk.example>`
        const head = {
          Path: 'a!b',
          From: 'a@b.example',
          Newsgroups: group,
          Subject: id,
          'Message-ID': id,
          Date: 'Thu, 01 Jan 2026 00:00:00 +0000',
        }
        // Nothing that compresses.
        const body = randomBytes(15_000).toString('base64').replaceAll(/.{76}/g, '$&\n')
        const article = Article.parse(proto(head, `${body}\n`), config.limits)
        if (article instanceof Reason) throw new Error(article.text)
        expect((await node.accept({ article, origin: { kind: 'import' } })).kind).to.equal('accepted')
      }
      const fill = (group: string, count: number) =>
        Promise.all(Array.from({ length: count }, (_, at) => bring(group, `${group}.${at}`)))
      await fill('local.other', 20)
      await fill('local.test', 600)
      await node.storage.checkpoint()
      const full = await octetsIn(join(home.path, 'data', 'articles'))
      clock.pass(2 * 86_400_000)
      await node.expirer.round()
      const after = await octetsIn(join(home.path, 'data', 'articles'))
      expect(full).to.be.above(8_000_000)
      expect(after).to.be.below(full / 8)
      expect((await node.storage.reading.group('local.other'))?.count).to.equal(20)
    }
    await data.release()
  })
})
