import { expect } from 'chai'
import {
  type Draft,
  draftsOf,
  findDraft,
  mostDrafts,
  removeDraft,
  saveDraft,
} from '../../../src/web/posting/drafts.ts'
import type { Typed } from '../../../src/web/posting/typed.ts'
import { ManualClock } from '../../support/manual-clock.ts'
import { MemoryShelves } from '../../support/memory-shelves.ts'

const day = 86_400_000
const typed: Typed = {
  name: 'Ann',
  address: 'ann@example.invalid',
  newsgroups: 'local.test',
  followupTo: '',
  subject: 'Greetings',
  body: 'Hello.\r\n\ud800',
  inReplyTo: '',
  edits: '',
  key: 'k'.repeat(22),
  draft: 'd'.repeat(22),
  seen: ['capitals'],
  account: 'ann',
}
const nth = (at: number): Typed => ({ ...typed, draft: String(at).padStart(22, '0') })
const keysOf = (drafts: readonly Draft[]) => drafts.map(draft => Number(draft.typed.draft))

function place() {
  const clock = new ManualClock()
  return { shelves: new MemoryShelves(), clock }
}

describe('web: drafts', () => {
  it('are kept as they were typed, each in its place', async () => {
    const site = place()
    expect(await saveDraft(site, 'ann', typed)).to.equal('saved')
    expect(await saveDraft(site, 'ann', { ...typed, body: 'Hello again.' })).to.equal('saved')
    expect(await saveDraft(site, 'bob', nth(1))).to.equal('saved')
    expect((await findDraft(site, 'ann', typed.draft))?.typed).to.deep.equal({
      ...typed,
      body: 'Hello again.',
    })
    expect(await draftsOf(site, 'ann')).to.have.length(1)
    expect(await findDraft(site, 'bob', typed.draft)).to.equal(undefined)
    await removeDraft(site, 'bob', typed.draft)
    await removeDraft(site, 'ann', typed.draft)
    expect(await draftsOf(site, 'ann')).to.deep.equal([])
    expect(await draftsOf(site, 'bob')).to.have.length(1)
  })

  it('that say nothing are not kept', async () => {
    const site = place()
    await saveDraft(site, 'ann', { ...typed, subject: ' ', body: '\r\n' })
    expect(await draftsOf(site, 'ann')).to.deep.equal([])
  })

  it('are so many and no more, unless the oldest was not touched for long', async () => {
    const site = place()
    for (let at = 0; at < mostDrafts; at++) {
      expect(await saveDraft(site, 'ann', nth(at))).to.equal('saved')
      await site.clock.advance(1000)
    }
    expect(await saveDraft(site, 'ann', nth(99))).to.equal('full')
    expect(await saveDraft(site, 'ann', { ...nth(0), body: 'touched' })).to.equal('saved')
    await site.clock.advance(31 * day)
    expect(await saveDraft(site, 'ann', nth(99))).to.equal('saved')
    const keys = keysOf(await draftsOf(site, 'ann'))
    expect(keys).to.have.length(mostDrafts)
    expect(keys[0]).to.equal(99)
    expect(keys).to.include(0).and.not.include(1)
  })

  it('go by themselves a year after they were touched', async () => {
    const site = place()
    await saveDraft(site, 'ann', nth(1))
    await site.clock.advance(200 * day)
    await saveDraft(site, 'ann', nth(2))
    await site.clock.advance(200 * day)
    expect(keysOf(await draftsOf(site, 'ann'))).to.deep.equal([2])
    expect(await findDraft(site, 'ann', nth(1).draft)).to.equal(undefined)
  })

  it('are refused where they are too long to be kept', async () => {
    const site = place()
    expect(await saveDraft(site, 'ann', { ...typed, body: 'x'.repeat(400_000) })).to.equal('large')
    expect(await draftsOf(site, 'ann')).to.deep.equal([])
  })
})
