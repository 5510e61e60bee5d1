import { getEventListeners } from 'node:events'
import { expect } from 'chai'
import { Waiters } from '../src/waiters.ts'

describe('Waiters', () => {
  it('are woken together, each once, and leave nothing behind', async () => {
    const waiters = new Waiters()
    const { signal } = new AbortController()
    const woken: string[] = []
    const wait = async (name: string) => {
      await waiters.wait(signal)
      woken.push(name)
    }
    const both = Promise.all([wait('a'), wait('b')])
    expect(getEventListeners(signal, 'abort')).to.have.length(2)
    waiters.wake()
    await both
    waiters.wake()
    expect(woken).to.deep.equal(['a', 'b'])
    expect(getEventListeners(signal, 'abort')).to.deep.equal([])
  })

  it('wait no more when their signal aborts, or has', async () => {
    const waiters = new Waiters()
    const stopping = new AbortController()
    const waiting = waiters.wait(stopping.signal)
    stopping.abort()
    await waiting
    await waiters.wait(stopping.signal)
  })
})
