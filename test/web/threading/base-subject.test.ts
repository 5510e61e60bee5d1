import { expect } from 'chai'
import { baseSubject } from '../../../src/web/threading/base-subject.ts'

describe('web: base subjects', () => {
  const cases: readonly (readonly [string, string, boolean])[] = [
    ['Cats', 'cats', false],
    ['  Re:  Cats\t and  dogs ', 'cats and dogs', true],
    ['RE: re: Re[3]: cats', 'cats', true],
    ['Re [2] : cats', 'cats', true],
    ['[pets] Re: [pets] cats', 'cats', true],
    ['Re: [pets] cats', 'cats', true],
    ['[pets] cats', 'cats', false],
    ['[pets]', '[pets]', false],
    ['Re: [pets]', '[pets]', true],
    ['Fwd: cats', 'cats', false],
    ['Fw: Re: cats', 'cats', false],
    ['cats (fwd) (FWD)', 'cats', false],
    ['[Fwd: Re: cats]', 'cats', false],
    ['Re: [fwd: cats (fwd)]', 'cats', true],
    ['Reg: cats', 'reg: cats', false],
    ['Re cats', 're cats', false],
    ['Re:', '', true],
    ['', '', false],
  ]
  for (const [subject, base, reply] of cases) {
    it(`of ${JSON.stringify(subject)}`, () => expect(baseSubject(subject)).to.deep.equal({ base, reply }))
  }

  it('of long rows of marks are found at once', () => {
    for (const piece of ['Re: ', '[a]', '[fwd: ', '(fwd)', 'Re[', ' ', '[', '] '])
      expect(baseSubject(piece.repeat(100_000)).base.length).to.be.at.most(500)
  })
})
