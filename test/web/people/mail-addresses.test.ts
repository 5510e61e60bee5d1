import { expect } from 'chai'
import { type Account, accountName } from '../../../src/account.ts'
import type { ShelfChanges } from '../../../src/storage/state/shelves.ts'
import { MailAddresses } from '../../../src/web/people/mail-addresses.ts'
import { MemoryShelves } from '../../support/memory-shelves.ts'
import { rejection } from '../../support/rejection.ts'

const ann = accountName('ann') ?? expect.fail()

/** Takes so many commits, and then none. */
class MortalShelves extends MemoryShelves {
  left = Number.POSITIVE_INFINITY

  override async save(owner: string, changes: ShelfChanges): Promise<void> {
    this.#count()
    await super.save(owner, changes)
  }

  override async saveAll(changes: ReadonlyMap<string, ShelfChanges>): Promise<void> {
    this.#count()
    for (const [owner, shelf] of changes) await super.save(owner, shelf)
  }

  #count(): void {
    if (this.left-- <= 0) throw new Error('killed')
  }
}

function begin() {
  const shelves = new MortalShelves()
  const find = async () => ({ name: ann }) as Partial<Account> as Account
  return { shelves, addresses: new MailAddresses({ shelves, find, secret: Buffer.alloc(32) }) }
}

const mail = (address: string) => ({ address, proven: true })

describe('mail addresses of accounts', () => {
  it('lead to their account, the newest alone, until they are dropped', async () => {
    const { addresses } = begin()
    await addresses.keep(ann, mail('old@x.example'))
    await addresses.keep(ann, mail('Old@x.example'))
    expect((await addresses.accountOf('old@X.example'))?.name).to.equal(ann)
    await addresses.keep(ann, mail('new@x.example'))
    expect(await addresses.accountOf('old@x.example')).to.equal(undefined)
    expect((await addresses.accountOf('new@x.example'))?.name).to.equal(ann)
    await addresses.drop(ann)
    expect(await addresses.of(ann)).to.equal(undefined)
    expect(await addresses.accountOf('new@x.example')).to.equal(undefined)
  })

  it('are the old or the new one wherever the node is killed', async () => {
    for (let commits = 0; commits < 4; commits++) {
      const { shelves, addresses } = begin()
      await addresses.keep(ann, mail('old@x.example'))
      shelves.left = commits
      const kept = addresses.keep(ann, mail('new@x.example'))
      if (commits === 0) await rejection(kept)
      else await kept.catch(() => undefined)
      const address = (await addresses.of(ann))?.address ?? 'none'
      expect(address, `after ${commits}`).to.match(/^(?:old|new)@x\.example$/)
      expect((await addresses.accountOf(address))?.name, `after ${commits}`).to.equal(ann)
    }
  })
})
