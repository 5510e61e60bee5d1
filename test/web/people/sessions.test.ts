import { expect } from 'chai'
import { accountName } from '../../../src/account.ts'
import { silentLog } from '../../../src/log.ts'
import { Sessions } from '../../../src/web/people/sessions.ts'
import { ManualClock, settled } from '../../support/manual-clock.ts'
import { MemoryShelves } from '../../support/memory-shelves.ts'

describe('web: sessions', () => {
  it('that end while somebody looks are not remembered', async () => {
    const clock = new ManualClock()
    let found: Promise<undefined> = Promise.resolve(undefined)
    const sessions = new Sessions({
      shelves: new MemoryShelves(),
      find: () => found,
      elsewhere: () => true,
      clock,
      log: silentLog,
      random: octets => Buffer.alloc(octets, 1),
      secret: Buffer.from('secret'),
    })
    const account = { name: 'ann', roles: new Set([]), groups: [] }
    const cookie = await sessions.signIn({ account, address: '192.0.2.1', agent: 'x' })
    const person = await sessions.who(cookie)
    const name = accountName('ann')
    if (person === undefined || name === undefined) throw new Error('nobody is signed in')
    // Long enough for the visit to be noted.
    await clock.advance(7_200_000)
    let go = () => {}
    found = new Promise(resolve => {
      go = () => resolve(undefined)
    })
    const looking = sessions.who(cookie)
    await settled()
    await sessions.end(name, person.session)
    go()
    await looking
    await settled()
    expect(await sessions.who(cookie)).to.equal(undefined)
  })
})
