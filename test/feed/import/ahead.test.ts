import { expect } from 'chai'
import { ahead } from '../../../src/feed/import/ahead.ts'
import { rejection } from '../../support/rejection.ts'

async function* numbers(count: number): AsyncGenerator<number> {
  for (let number = 0; number < count; number++) yield number
}

describe('ahead', () => {
  it('keeps the order, whatever is ready first, and begins no more than it may', async () => {
    const gates: (() => void)[] = []
    let most = 0
    let open = 0
    const begin = (number: number) => {
      most = Math.max(most, ++open)
      return new Promise<number>(resolve => {
        gates[number] = () => resolve(number)
        // Later ones are ready before earlier ones.
        if (number % 3 === 2) for (const gate of gates.splice(number - 2, 3).reverse()) gate?.()
      }).finally(() => open--)
    }
    const found: number[] = []
    for await (const number of ahead(numbers(9), 3, begin)) found.push(number)
    expect(found).to.deep.equal([0, 1, 2, 3, 4, 5, 6, 7, 8])
    expect(most).to.equal(3)
  })

  it('fails when the turn of what failed has come, and waits for the others', async () => {
    const found: number[] = []
    let ended = 0
    const begin = async (number: number) => {
      if (number === 1) throw new Error('one')
      await Promise.resolve()
      ended++
      return number
    }
    const all = async () => {
      for await (const number of ahead(numbers(4), 4, begin)) found.push(number)
    }
    expect(await rejection(all())).to.have.property('message', 'one')
    expect(found).to.deep.equal([0])
    expect(ended).to.equal(3)
  })
})
