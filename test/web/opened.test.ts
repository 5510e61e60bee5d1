import { expect } from 'chai'
import { openedByPerson } from '../../src/web/http/guard.ts'
import { articleText, WebFixture } from '../support/web-fixture.ts'

const navigation = {
  'Sec-Fetch-Site': 'same-origin',
  'Sec-Fetch-Mode': 'navigate',
  'Sec-Fetch-Dest': 'document',
}

const table: readonly (readonly [string, Readonly<Record<string, string>>, boolean])[] = [
  ['a link on a page of ours', navigation, true],
  ['an address that was typed', { ...navigation, 'Sec-Fetch-Site': 'none' }, true],
  ['a link on another site', { ...navigation, 'Sec-Fetch-Site': 'cross-site' }, false],
  ['a link on a site next to ours', { ...navigation, 'Sec-Fetch-Site': 'same-site' }, false],
  ['an image', { ...navigation, 'Sec-Fetch-Mode': 'no-cors' }, false],
  ['a script of ours', { ...navigation, 'Sec-Fetch-Mode': 'cors' }, false],
  ['a page fetched ahead', { ...navigation, 'Sec-Purpose': 'prefetch' }, false],
  ['a page fetched ahead by an old browser', { ...navigation, Purpose: 'prefetch' }, false],
  ['a browser on plain HTTP, from a page of ours', { Referer: 'http://news.test/g/local.test/' }, true],
  ['a browser on plain HTTP, from elsewhere', { Referer: 'http://evil.example/news.test/' }, false],
  ['a program', {}, false],
  ['a program that says where it comes from', { Referer: 'news.test' }, false],
]

describe('web: what counts as opened', () => {
  for (const [what, fields, opened] of table)
    it(`${what}: ${opened ? 'yes' : 'no'}`, () => {
      const field = (name: string) => new Map(Object.entries(fields)).get(name)
      expect(openedByPerson(field, 'News.test')).to.equal(opened)
    })

  it('marks the article read, in a cookie that no script reads', async () => {
    await using web = new WebFixture()
    web.reading.addGroup('local.test')
    web.reading.add(articleText('a@x.test'))
    await web.start()
    const cookies = async (path: string, headers: Record<string, string>, method = 'GET') =>
      (await web.ask(path, { headers, method })).headers['set-cookie'] ?? []
    expect(await cookies('/m/a@x.test/', {})).to.deep.equal([])
    expect(await cookies('/m/a@x.test.json', navigation)).to.deep.equal([])
    expect(await cookies('/m/a@x.test/', navigation, 'HEAD')).to.deep.equal([])
    const [cookie = ''] = await cookies('/m/a@x.test/', navigation)
    expect(cookie).to.match(/^marks=[\w-]+; Max-Age=34560000; Path=\/; HttpOnly; SameSite=Lax$/)
    // It was read before, so nothing is said again.
    const again = { ...navigation, Cookie: cookie.replace(/;.*/, '') }
    expect(await cookies('/m/a@x.test/', again)).to.deep.equal([])
  })
})
