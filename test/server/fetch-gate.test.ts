import { expect } from 'chai'
import { FetchGate } from '../../src/server/fetch-gate.ts'
import { settled } from '../support/manual-clock.ts'

/** Fetches that end when the test says so, in the order in which they began. */
function fetches() {
  const gate = new FetchGate()
  const begun: string[] = []
  const ends: (() => void)[] = []
  const ask = (party: string, octets: number) =>
    void gate.fetch({
      party,
      octets,
      run: () => {
        begun.push(party)
        return new Promise<void>(resolve => ends.push(resolve))
      },
    })
  const endOne = async () => {
    ends.shift()?.()
    await settled()
  }
  return { gate, begun, ask, endOne }
}

describe('server/fetch-gate', () => {
  it('fetches two large articles at once, and networks take turns', async () => {
    const { begun, ask, endOne } = fetches()
    for (let count = 0; count < 500; count++) ask('flood', 500_000)
    ask('honest', 500_000)
    expect(begun).to.deep.equal(['flood', 'flood'])
    await endOne()
    await endOne()
    expect(begun).to.deep.equal(['flood', 'flood', 'flood', 'honest'])
  })

  it('lets small ones pass however many large ones wait', () => {
    const { begun, ask } = fetches()
    for (let count = 0; count < 500; count++) ask('flood', 500_000)
    for (let count = 0; count < 16; count++) ask('honest', 2000)
    expect(begun.filter(party => party === 'honest')).to.have.length(16)
  })

  it('takes nothing for what is answered at once', () => {
    const { gate, begun, ask } = fetches()
    for (let count = 0; count < 10; count++)
      expect(gate.fetch({ party: 'a', octets: 500_000, run: () => count })).to.equal(count)
    ask('a', 500_000)
    ask('a', 500_000)
    expect(begun).to.have.length(2)
  })
})
