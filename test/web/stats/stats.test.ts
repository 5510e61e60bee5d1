import { expect } from 'chai'
import { parseFragment } from 'parse5'
import { Counts } from '../../../src/feed/statistics/counts.ts'
import { figureNames } from '../../../src/web/stats/figures.ts'
import { english } from '../../../src/web/words/english.ts'
import { auditPage } from '../../support/page-audit.ts'
import { WebFixture } from '../../support/web-fixture.ts'

const nasty = '"><script>alert(1)</script>\u202e{{x}}'

function sample(): Counts {
  const counts = new Counts()
  for (let at = 0; at < 30; at++)
    counts.add({
      written: 1_700_000_000 + at * 40_000,
      arrived: 1_700_000_000 + at * 40_000 + at * at,
      octets: 1_000,
      groups: ['local.test', at % 2 === 0 ? 'secret.group' : 'local.other'],
      thread: `<${Math.floor(Math.sqrt(at))}@example.org>`,
      poster: `${nasty} <p${at % 3}@example.org>`,
      path: ['near.example', nasty.replaceAll(' ', ''), 'far.example'],
      relayed: true,
    })
  return counts
}

async function started(): Promise<WebFixture> {
  const web = new WebFixture()
  web.hidden.add('secret.group')
  return web.start({ statistics: { counts: sample(), behind: 2 } })
}

describe('web: statistics', () => {
  it('show each figure as a picture and as a table, and nothing of groups that may not be read', async () => {
    await using web = await started()
    const { text, status } = await web.ask('/stats/')
    expect(status).to.equal(200)
    expect(auditPage(text).faults).to.deep.equal([])
    expect(text).to.contain(english.stats.titles.days).and.contain('/stats/chart/days.svg')
    expect(text)
      .to.contain('local.test')
      .and.contain('30 articles have come since')
      .and.contain('2 articles more')
    expect(text).not.to.contain('secret.group')
    // The totals are of all groups, and say so.
    expect(text).to.contain(english.stats.what).and.contain(english.stats.allGroups)
    // Who may not read everything does not see who posts elsewhere.
    expect(text).not.to.contain(english.stats.titles.posters)
    const twin = JSON.parse((await web.ask('/stats.json')).text)
    expect(twin.figures.groups).to.deep.equal([
      { name: 'local.test', count: 30, group: 'local.test' },
      { name: 'local.other', count: 15, group: 'local.other' },
    ])
    expect(twin.figures.weekdays).to.have.length(7)
    const threads = twin.figures.threads.map(({ name, count }: { name: string; count: number }) => [
      name,
      count,
    ])
    expect(threads.slice(0, 4)).to.deep.equal([
      ['1', 1],
      ['2', 0],
      ['3–5', 3],
      ['6–10', 2],
    ])
    expect(threads.at(-1)).to.deep.equal(['101 or more', 0])
    // As octets to programs, and as people read them on the page.
    expect(twin.figures.size.at(-1).count).to.equal(30_000)
    expect(text).to.contain('<td>30 kB</td>').and.contain('<th scope="col">Threads</th>')
    expect((await web.ask('/stats/chart/size.svg')).text).to.contain('30 kB')
  })

  it('count on over months in which nothing came', async () => {
    const counts = new Counts()
    const facts = { octets: 1, groups: [], thread: '', poster: '', path: [], relayed: false }
    for (const time of ['1993-02-03', '1993-02-20', '2005-11-30', '2006-02-01'].map(Date.parse))
      counts.add({ ...facts, written: time / 1000, arrived: time / 1000 })
    await using web = await new WebFixture().start({ statistics: { counts, behind: 0 } })
    const { growth } = JSON.parse((await web.ask('/stats.json')).text).figures
    expect(growth).to.have.length(60)
    expect(growth[0]).to.deep.equal({ name: '2001-03', count: 2 })
    expect(
      growth.slice(-5).map(({ name, count }: { name: string; count: number }) => `${name} ${count}`),
    ).to.deep.equal(['2005-10 2', '2005-11 3', '2005-12 3', '2006-01 3', '2006-02 4'])
  })

  it('draw pictures of which nothing runs, whatever names are in them', async () => {
    await using web = await started()
    for (const name of [...figureNames, 'flow']) {
      const { text, status, headers } = await web.ask(`/stats/chart/${name}.svg`)
      expect([status, headers['content-type']], name).to.deep.equal([200, 'image/svg+xml; charset=utf-8'])
      const names = new Set<string>()
      const walk = (node: object) => {
        if ('nodeName' in node) names.add(String(node.nodeName))
        for (const child of 'childNodes' in node && Array.isArray(node.childNodes) ? node.childNodes : [])
          walk(child)
      }
      walk(parseFragment(text))
      const known = ['#document-fragment', '#text', 'svg', 'title', 'line', 'rect', 'circle', 'text']
      expect(
        [...names].filter(it => !known.includes(it)),
        name,
      ).to.deep.equal([])
      expect(text).not.to.match(/NaN|Infinity|undefined/)
    }
    expect((await web.ask('/stats/chart/other.svg')).status).to.equal(404)
  })

  it('speak of groups that are not open only to whom some are not', async () => {
    const poster = { account: '', address: '127.0.0.1', mayPost: () => false, mayApprove: () => false }
    await using web = await new WebFixture().start({
      statistics: { counts: sample(), behind: 0 },
      access: () => ({ mayRead: () => true, readsAll: true, poster }),
    })
    expect((await web.ask('/stats/')).text)
      .to.contain(english.stats.what)
      .and.not.contain('not open to you')
  })

  it('are not there where nothing is counted', async () => {
    await using web = await new WebFixture().start()
    expect((await web.ask('/stats/')).status).to.equal(404)
  })
})
