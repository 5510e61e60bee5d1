import { expect } from 'chai'
import { Hierarchies } from '../src/hierarchies.ts'

const rule = (pattern: string, more: { private?: boolean; labels?: string[] } = {}) => ({
  pattern,
  private: false,
  labels: [],
  ...more,
})

describe('hierarchies', () => {
  const hierarchies = new Hierarchies([
    rule('internal.*', { private: true, labels: ['internal'] }),
    rule('alt.sex.*', { labels: ['adult'] }),
    rule('internal.press,internal.jobs'),
  ])

  it('lets the last rule that matches count, whole', () => {
    expect(hierarchies.isPrivate('internal.staff')).to.equal(true)
    expect(hierarchies.of('internal.staff').labels).to.deep.equal(['internal'])
    expect(hierarchies.isPrivate('internal.press')).to.equal(false)
    expect(hierarchies.of('internal.press').labels).to.deep.equal([])
    expect(hierarchies.ruleOf('internal.press')).to.equal(2)
    expect(hierarchies.ruleOf('comp.lang.c')).to.equal(-1)
    expect(hierarchies.isPrivate('comp.lang.c')).to.equal(false)
    expect([...hierarchies.labels]).to.deep.equal(['internal', 'adult'])
  })

  it('says nothing where there is no rule', () => {
    const none = new Hierarchies([])
    expect([none.isPrivate('internal.staff'), none.somePrivate, none.labels.size]).to.deep.equal([
      false,
      false,
      0,
    ])
  })
})
