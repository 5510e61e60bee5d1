import { expect } from 'chai'
import { parseReply, ReplyReader, ReplyTooLong } from '../../../src/feed/link/reply-reader.ts'

describe('replies', () => {
  it('come out the same however they are cut', () => {
    const bytes = Buffer.from('200 hi\r\n238 <a@b>\r\n\r\n501 \xe4\n.\r\n', 'latin1')
    const lines = ['200 hi', '238 <a@b>', '', '501 \xe4', '.']
    for (let a = 0; a <= bytes.length; a++) {
      for (let b = a; b <= bytes.length; b++) {
        const reader = new ReplyReader()
        const parts = [bytes.subarray(0, a), bytes.subarray(a, b), bytes.subarray(b)]
        expect(parts.flatMap(part => reader.push(part))).to.deep.equal(lines)
      }
    }
  })

  it('are bounded, complete or not', () => {
    expect(new ReplyReader().push(Buffer.from(`${'x'.repeat(1023)}\r\n`))).to.have.length(1)
    expect(() => new ReplyReader().push(Buffer.from(`${'x'.repeat(1024)}\r\n`))).to.throw(ReplyTooLong)
    const reader = new ReplyReader()
    reader.push(Buffer.alloc(1024, 'x'))
    expect(() => reader.push(Buffer.from('x'))).to.throw(ReplyTooLong)
  })

  it('are a code of three digits and a text', () => {
    expect(parseReply('238 <a@b> x')).to.deep.equal({ code: 238, text: '<a@b> x' })
    expect(parseReply('335')).to.deep.equal({ code: 335, text: '' })
    for (const line of ['', '23', '2380', '038 x', '638 x', '238-x', 'abc', ' 238']) {
      expect(parseReply(line), line).to.equal(undefined)
    }
  })
})
