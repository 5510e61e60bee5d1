import { expect } from 'chai'
import { sharedSleep } from '../../src/feed/patience.ts'

describe('sharedSleep', () => {
  it('is one sleep for all that begin before it ends, and another one after', async () => {
    const slept: number[] = []
    const wakes: (() => void)[] = []
    const { sleep } = sharedSleep({
      sleep(milliseconds) {
        slept.push(milliseconds)
        return new Promise(resolve => wakes.push(resolve))
      },
    })
    const first = [sleep(500), sleep(1000), sleep(500)]
    expect(slept).to.deep.equal([500])
    wakes[0]?.()
    await Promise.all(first)
    const second = sleep(1000)
    expect(slept).to.deep.equal([500, 1000])
    wakes[1]?.()
    await second
  })
})
