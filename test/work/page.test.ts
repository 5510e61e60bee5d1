import { randomBytes } from 'node:crypto'
import { expect } from 'chai'
import type { Reading } from '../../src/storage/reading.ts'
import { articleText, WebFixture } from '../support/web-fixture.ts'

/** The same, and how often each of its methods was called. */
function counted(reading: Reading): { readonly reading: Reading; readonly calls: Map<string, number> } {
  const calls = new Map<string, number>()
  const proxy = new Proxy(reading, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target)
      if (typeof value !== 'function') return value
      return (...args: unknown[]) => {
        calls.set(String(name), (calls.get(String(name)) ?? 0) + 1)
        return Reflect.apply(value, target, args)
      }
    },
  })
  return { reading: proxy, calls }
}

describe('work: an article page', () => {
  it('reads the article once and its group from memory, and takes no random octets', async () => {
    let random = 0
    await using web = new WebFixture()
    web.reading.addGroup('local.test')
    web.reading.add(articleText('one@x.test', {}, 'one\n'))
    web.reading.add(articleText('two@x.test', { References: '<one@x.test>' }, 'two\n'))
    const { reading, calls } = counted(web.reading)
    await web.start({
      reading,
      random: octets => {
        random += 1
        return randomBytes(octets)
      },
    })
    expect((await web.ask('/m/one@x.test/')).status).to.equal(200)
    calls.clear()
    random = 0
    const { text } = await web.ask('/m/two@x.test/')
    expect(text).to.contain('href="/m/one@x.test/"')
    expect(Object.fromEntries(calls)).to.deep.equal({ articleById: 1, groupById: 1 })
    expect(random).to.equal(0)
  })
})
