import { expect } from 'chai'
import { Turns } from '../../src/storage/turns.ts'
import { rejection } from '../support/rejection.ts'

describe('Turns', () => {
  it('does one at a time, in order, and goes on after a failure', async () => {
    const turns = new Turns()
    const done: string[] = []
    const work = (name: string, steps: number) => async () => {
      done.push(`${name}<`)
      for (let step = 0; step < steps; step++) await undefined
      done.push(`>${name}`)
      if (name === 'b') throw new Error(name)
      return name
    }
    const first = turns.run(work('a', 9))
    const second = rejection(turns.run(work('b', 5)))
    const third = turns.run(work('c', 1))
    expect(await third).to.equal('c')
    expect(await first).to.equal('a')
    expect(await second).to.have.property('message', 'b')
    expect(done.join(' ')).to.equal('a< >a b< >b c< >c')
  })
})
