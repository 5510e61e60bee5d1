import { expect } from 'chai'
import { DraftGroups } from '../../../src/storage/commit/draft-groups.ts'
import type { ArticleNumber, GroupId } from '../../../src/storage/reading.ts'
import { Active, type GroupState, noMarks } from '../../../src/storage/state/active.ts'

const state = (id: number, name: string, more: Partial<GroupState> = {}): GroupState => ({
  ...noMarks,
  id: id as GroupId,
  name: name as GroupState['name'],
  status: 'y',
  description: '',
  created: 0,
  creator: '',
  removed: false,
  ...more,
})

describe('groups of a commit group', () => {
  it('file article after article without touching what is committed', () => {
    const active = new Active()
    const committed = state(1, 'a.b', { low: 3, high: 7, count: 2, octets: 50, fresh: true })
    active.publish([committed, state(2, 'c.d')])
    const groups = new DraftGroups(active)
    for (let at = 0; at < 3; at++) {
      const group = groups.everNamed('a.b')
      if (group === undefined) throw new Error('no group')
      groups.file(group, (group.high + 1) as ArticleNumber, 10)
    }
    const filed = { ...committed, high: 10, count: 5, octets: 80, fresh: false }
    expect([...groups.changed()]).to.deep.equal([filed])
    expect(groups.withId(1 as GroupId)).to.deep.equal(filed)
    expect(active.named('a.b')).to.equal(committed)
    expect(committed.high).to.equal(7)
  })

  it('never write into a state that somebody gave them', () => {
    const groups = new DraftGroups(new Active())
    const made = state(1, 'a.b')
    groups.set(made)
    groups.file(made, 5 as ArticleNumber, 10)
    expect(made.high).to.equal(0)
    const filed = groups.everNamed('a.b')
    expect(filed).to.include({ low: 5, high: 5, count: 1, octets: 10 })
    const closed = state(1, 'a.b', { ...filed, status: 'n' })
    groups.set(closed)
    groups.file(closed, 6 as ArticleNumber, 10)
    expect(closed.high).to.equal(5)
    expect(groups.everNamed('a.b')).to.include({ status: 'n', low: 5, high: 6, count: 2 })
  })
})
