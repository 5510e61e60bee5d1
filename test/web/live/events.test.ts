import { expect } from 'chai'
import { FakeProcess } from '../../cli/fake-process.ts'
import { EventStream } from '../../support/event-stream.ts'
import type { FormBrowser } from '../../support/form-browser.ts'
import { browserOf } from '../../support/letters.ts'
import { RunningSite } from '../../support/running-site.ts'

const rules = '[[access]]\nread = "*,!local.other"\npost = "*"\n'

describe('web: /events', () => {
  let site: RunningSite
  before(async () => {
    site = await RunningSite.start('live.example', rules, { web: true })
  })
  after(() => site[Symbol.asyncDispose]())

  it('tells of an article when it is durable, and goes on from the last one after a break', async () => {
    const subject = '=?UTF-8?Q?Gr=C3=BC=C3=9Fe?='
    const place = await (async () => {
      await using stream = await EventStream.open(`${site.web}/events?groups=local.*`)
      expect(stream.status).to.equal(200)
      expect(stream.headers['content-type']).to.equal('text/event-stream; charset=utf-8')
      expect(stream.headers['cache-control']).to.equal('no-store, no-transform')
      await stream.shows('id: ')
      await site.post('<one@live.example>', { Subject: subject })
      const text = await stream.shows('}\n\n')
      const [, id, data] = /id: (\S+)\nevent: article\ndata: (.*)\n\n/.exec(text) ?? []
      expect(JSON.parse(data ?? '')).to.deep.equal({
        group: 'local.test',
        number: 1,
        messageId: '<one@live.example>',
        subject: 'Grüße',
        from: 'a@example.org',
        address: '/m/one@live.example/',
        references: [],
      })
      return id ?? ''
    })()
    await site.post('<two@live.example>')
    await using again = await EventStream.open(`${site.web}/events?groups=local.*`, {
      'Last-Event-ID': place,
    })
    expect(await again.shows('<two@live.example>')).not.to.contain('<one@')
    await using page = await EventStream.open(`${site.web}/events?groups=local.*&after=${place}`)
    await page.shows('<two@live.example>')
  })

  it('says nothing of groups that may not be read', async () => {
    await using stream = await EventStream.open(`${site.web}/events?groups=*`)
    await stream.shows('id: ')
    await site.post('<hidden@live.example>', { Newsgroups: 'local.other' })
    await site.post('<both@live.example>', { Newsgroups: 'local.other,local.test' })
    const text = await stream.shows('<both@live.example>')
    expect(text).not.to.contain('<hidden@').and.not.to.contain('local.other')
  })

  it('counts by other rules of access as soon as they do, and goes on where it was', async () => {
    const matched = '<shown@live.example>'
    await using stream = await EventStream.open(`${site.web}/events?groups=*`)
    const begun = await stream.shows('id: ')
    site.write('[[access]]\nread = "*,!local.test"\npost = "*"\n')
    await site.run(['reload'])
    await stream.ended()
    await site.post('<unseen@live.example>')
    await site.post(matched, { Newsgroups: 'local.other' })
    const place = /id: (\S+)/.exec(begun)?.[1] ?? ''
    await using again = await EventStream.open(`${site.web}/events?groups=*`, { 'Last-Event-ID': place })
    expect(await again.shows(matched)).not.to.contain('<unseen@')
    site.write(rules)
    await site.run(['reload'])
    await again.ended()
  })

  it('ends with the session it was opened in', async () => {
    const password = 'correct horse'
    await site.run(['user', 'add', 'ann', '--password-stdin'], new FakeProcess({ input: `${password}\n` }))
    const [one, two] = [browserOf(site), browserOf(site)]
    for (const browser of [one, two]) await browser.submit('/login', { name: 'ann', password })
    const open = ({ cookies }: FormBrowser) =>
      EventStream.open(`${site.web}/events`, { Cookie: `tidings=${cookies.get('tidings')}` })
    await using first = await open(one)
    await using second = await open(two)
    await first.shows('id: ')
    await second.shows('id: ')
    const page = await two.ask('/settings/sessions')
    const ids = [...page.text.matchAll(/name="session" value="([^"]+)"/g)].map(([, id = '']) => id)
    const here = ids.findIndex(id => page.text.split(id)[0]?.split('<h2>').at(-1)?.includes('this browser'))
    await two.submit('/settings/sessions', { session: ids[1 - here] ?? '' })
    await first.ended()
    await two.submit('/', {}, '/logout')
    await second.ended()
  })

  it('refuses what is no pattern', async () => {
    await using stream = await EventStream.open(`${site.web}/events?groups=${encodeURIComponent('a,,b')}`)
    expect(stream.status).to.equal(400)
    await using long = await EventStream.open(`${site.web}/events?groups=${'a'.repeat(2000)}`)
    expect(long.status).to.equal(400)
  })

  it('ends when the node stops, which waits for nobody', async () => {
    await using stream = await EventStream.open(`${site.web}/events`)
    await stream.shows('id: ')
    await site.end()
    await stream.ended()
  })
})
