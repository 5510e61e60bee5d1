import { expect } from 'chai'
import { observerOf } from '../../src/server/observer.ts'

describe('the observer of NNTP', () => {
  it('counts everything, and tells of what newsreaders ask for', () => {
    const counted: string[] = []
    let asked = 0
    const observer = observerOf(
      {
        connection: (kind, taken) => counted.push(`${kind} ${taken}`),
        command: (name, code) => counted.push(`${name} ${code}`),
      },
      () => {
        asked += 1
      },
    )
    observer.connection(true)
    for (const name of ['MODE STREAM', 'CHECK', 'TAKETHIS', 'IHAVE']) observer.command(name, 239)
    expect(asked).to.equal(0)
    observer.command('GROUP', 211)
    observer.command('ARTICLE', 220)
    observer.command('unknown', 500)
    expect(asked).to.equal(3)
    expect(counted).to.deep.equal([
      'nntp true',
      'MODE STREAM 239',
      'CHECK 239',
      'TAKETHIS 239',
      'IHAVE 239',
      'GROUP 211',
      'ARTICLE 220',
      'unknown 500',
    ])
  })
})
