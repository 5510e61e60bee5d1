import { expect } from 'chai'
import { Answers } from '../../src/server/answers.ts'
import { line, type Response } from '../../src/server/command.ts'

const mebibyte = 1024 * 1024
const article = (octets: number): Response => ({
  kind: 'block',
  code: 220,
  text: '',
  block: Buffer.alloc(octets),
})

/** A response that comes when the test says so. */
function later() {
  let come: (response: Response) => void = () => {}
  const response = new Promise<Response>(resolve => {
    come = resolve
  })
  return { response, come }
}

describe('server/answers', () => {
  it('gives answers out in the order of the commands, whenever they come', async () => {
    const sent: number[] = []
    const answers = new Answers(response => void sent.push(response.code))
    const [first, second] = [later(), later()]
    answers.add(first.response, 0)
    answers.add(second.response, 0)
    answers.add(line(203), 0)
    second.come(line(238))
    first.come(line(431))
    await answers.empty()
    expect(sent).to.deep.equal([431, 238, 203])
    expect(answers.empty()).to.equal(undefined)
  })

  it('sends at once what needs no waiting, and goes on afterwards', async () => {
    const sent: number[] = []
    const answers = new Answers(response => void sent.push(response.code))
    answers.add(line(203), 0)
    expect(sent).to.deep.equal([203])
    answers.add(Promise.resolve(line(238)), 0)
    await answers.empty()
    expect(sent).to.deep.equal([203, 238])
  })

  it('starts few commands whose answers may be large, and more once they are known to be small', async () => {
    const answers = new Answers(() => undefined)
    const pending = Array.from({ length: 4 }, later)
    for (const { response } of pending) answers.reserve(response, mebibyte)
    const room = answers.room()
    expect(room).to.be.instanceOf(Promise)
    pending[3]?.come(article(2000))
    await room
    expect(answers.room()).to.equal(undefined)
    for (const { come } of pending) come(article(mebibyte))
    await answers.empty()
  })
})
