import { expect } from 'chai'
import { exportPieces } from '../../../src/server/control/transfer.ts'
import { Wildmat } from '../../../src/wildmat.ts'
import { anyone, proto, testNode } from '../../support/node.ts'

describe('server/transfer', () => {
  it('exports an article as one piece, however long, until it is told to end', async () => {
    await using node = await testNode()
    const groups = Wildmat.parse('*')
    if (groups === undefined) throw new Error('no wildmat')
    for (const lines of [1, 20_000, 2]) {
      const fields = { From: 'a@b.example', Newsgroups: 'local.test', Subject: `${lines}` }
      const verdict = await node.feed.inject(proto(fields, 'twenty octets a line\n'.repeat(lines)), anyone)
      expect(verdict.kind).to.equal('accepted')
    }
    const stop = new AbortController()
    const pieces: number[] = []
    const options = { format: 'rnews', groups, signal: stop.signal } as const
    for await (const { octets } of exportPieces(options, node.storage.reading)) {
      pieces.push(octets.length)
      if (pieces.length === 2) stop.abort()
    }
    expect(pieces).to.have.lengthOf(2)
    expect(pieces[1]).to.be.greaterThan(400_000)
  })
})
