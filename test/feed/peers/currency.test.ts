import { expect } from 'chai'
import { Currency } from '../../../src/feed/peers/currency.ts'
import type { MessageId } from '../../../src/message-id.ts'
import { ManualClock } from '../../support/manual-clock.ts'

const minute = 60_000
const id = '<1@a.example>' as MessageId

function watched(
  known: [string, number][] = [],
  dateOf = async (): Promise<number | undefined> => undefined,
) {
  const clock = new ManualClock()
  const currency = new Currency({ clock, known: new Map(known), dateOf })
  return { clock, currency, seconds: () => Math.floor(clock.now() / 1000) }
}

describe('currency of a peer', () => {
  it('comes with an article that is less than an hour old, and not with an older one', () => {
    const { currency, seconds } = watched()
    currency.received('a', seconds() - 3600)
    expect(currency.lastCurrent('a')).to.equal(0)
    currency.received('a', seconds() - 3599)
    expect(currency.lastCurrent('a')).to.equal(seconds())
  })

  it('comes with ten minutes on a connection without an offer', async () => {
    const { clock, currency, seconds } = watched()
    currency.entered('a')
    await clock.advance(9 * minute)
    currency.offered('a')
    await clock.advance(9 * minute)
    expect(currency.lastCurrent('a')).to.equal(0)
    await clock.advance(minute)
    expect(currency.lastCurrent('a')).to.equal(seconds())
  })

  it('ends with the last connection', async () => {
    const { clock, currency, seconds } = watched()
    currency.entered('a')
    currency.entered('a')
    await clock.advance(5 * minute)
    currency.left('a')
    await clock.advance(15 * minute)
    currency.left('a')
    const then = seconds()
    await clock.advance(60 * minute)
    expect(currency.lastCurrent('a')).to.equal(then)
    currency.entered('a')
    await clock.advance(9 * minute)
    expect(currency.lastCurrent('a')).to.equal(then)
  })

  it('is not had by silence without a connection', async () => {
    const { clock, currency } = watched([['a', 77]])
    await clock.advance(600 * minute)
    expect(currency.lastCurrent('a')).to.equal(77)
    expect(currency.lastCurrent('b')).to.equal(0)
  })

  it('is seen from one article a minute of those that others brought first', async () => {
    let asked = 0
    let date: number | undefined
    const { clock, currency, seconds } = watched([], async () => {
      asked++
      return date
    })
    currency.had('a', id)
    currency.had('a', id)
    await clock.advance(minute)
    expect([asked, currency.lastCurrent('a')]).to.deep.equal([1, 0])
    date = seconds()
    currency.had('a', id)
    await clock.advance(0)
    expect([asked, currency.lastCurrent('a')]).to.deep.equal([2, seconds()])
  })

  it('is not lost over an article that cannot be read', async () => {
    const { clock, currency } = watched([['a', 77]], () => Promise.reject(new Error('damaged')))
    currency.had('a', id)
    await clock.advance(0)
    expect(currency.lastCurrent('a')).to.equal(77)
  })
})
