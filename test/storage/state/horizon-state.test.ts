import { expect } from 'chai'
import { horizonKey } from '../../../src/storage/keys.ts'
import {
  decodeHorizon,
  encodeHorizon,
  loadHorizon,
  noHorizon,
} from '../../../src/storage/state/horizon-state.ts'
import { MemoryStore } from '../../support/memory-store.ts'

const state = {
  horizon: 1_767_225_600,
  peers: new Map([
    ['news.a.example', 1_767_000_000],
    ['b', 0],
  ]),
}

describe('the stored age limit', () => {
  it('is read as it was written', () => {
    expect(decodeHorizon(encodeHorizon(state))).to.deep.equal(state)
    expect(decodeHorizon(encodeHorizon(noHorizon))).to.deep.equal(noHorizon)
  })

  it('counts as none where any octet is damaged or missing', () => {
    const sealed = encodeHorizon(state)
    for (let at = 0; at < sealed.length; at++) {
      const damaged = Buffer.from(sealed)
      damaged[at] = (damaged[at] ?? 0) ^ 1
      expect(decodeHorizon(damaged)).to.equal(undefined)
      expect(decodeHorizon(sealed.subarray(0, at))).to.equal(undefined)
    }
  })

  it('is none in a new store and in one that was damaged', async () => {
    const store = await MemoryStore.open()
    expect(await loadHorizon(store)).to.equal(noHorizon)
    await store.batch([{ key: horizonKey, value: Buffer.from('what is this') }])
    expect(await loadHorizon(store)).to.equal(noHorizon)
  })
})
