import { randomBytes } from 'node:crypto'
import { expect } from 'chai'
import type { AccountName } from '../../../src/account.ts'
import { invite, invitesOf, noteGuest, revoke } from '../../../src/web/account/invites.ts'
import { Tickets } from '../../../src/web/people/tickets.ts'
import type { Site } from '../../../src/web/site.ts'
import { ManualClock } from '../../support/manual-clock.ts'
import { MemoryShelves } from '../../support/memory-shelves.ts'

const ann = 'ann' as AccountName
const asked = { guests: 2, seconds: 3600 }

function siteOf(): Site {
  const clock = new ManualClock()
  const shelves = new MemoryShelves()
  const tickets = new Tickets({ shelves, clock, random: randomBytes, secret: Buffer.alloc(32) })
  const site: Partial<Site> = { clock, shelves, tickets, audit: { record: () => {}, limit: () => {} } }
  return site as Site
}

describe('invitations', () => {
  it('are no more than one may have, however many are asked for at the same time', async () => {
    const site = siteOf()
    const made = await Promise.all(Array.from({ length: 50 }, () => invite(site, ann, asked)))
    expect(made.filter(token => token !== undefined)).to.have.length(20)
    expect(await invitesOf(site, ann)).to.have.length(20)
  })

  it('that are taken back while somebody comes by them know who came, and are over', async () => {
    const site = siteOf()
    const token = (await invite(site, ann, asked)) ?? ''
    const id = site.tickets.idOf(token)
    const came = ['ben', 'carl'].map(name => noteGuest(site, ann, { id, name }))
    await Promise.all([...came.slice(0, 1), revoke(site, ann, id), ...came.slice(1)])
    const [line] = await invitesOf(site, ann)
    expect(line?.came).to.deep.equal(['ben', 'carl'])
    expect(line?.until).to.equal(site.clock.now())
  })
})
