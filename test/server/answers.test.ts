import { expect } from 'chai'
import { Answers } from '../../src/server/answers.ts'
import { line, type Response } from '../../src/server/command.ts'
import { settled } from '../support/manual-clock.ts'

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

const uncounted = { hold: () => {}, release: () => {} }

describe('server/answers', () => {
  it('gives answers out in the order of the commands, whenever they come', async () => {
    const sent: number[] = []
    const answers = new Answers(response => void sent.push(response.code), uncounted)
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
    const answers = new Answers(response => void sent.push(response.code), uncounted)
    answers.add(line(203), 0)
    expect(sent).to.deep.equal([203])
    answers.add(Promise.resolve(line(238)), 0)
    await answers.empty()
    expect(sent).to.deep.equal([203, 238])
  })

  it('fetches one article ahead until it is known how large they are, and then as many as fit', async () => {
    const answers = new Answers(() => undefined, uncounted)
    const first = later()
    answers.reserve(first.response)
    const room = answers.room()
    expect(room).to.be.instanceOf(Promise)
    first.come(article(2000))
    await room
    for (let left = 20; left > 0; left--) {
      answers.reserve(Promise.resolve(article(2000)))
      await answers.empty()
    }
    for (let started = 0; started < 50; started++) {
      expect(answers.room()).to.equal(undefined)
      answers.reserve(later().response)
    }
  })

  it('fetches nothing behind a large article that is not taken', async () => {
    const answers = new Answers(() => new Promise(() => undefined), uncounted)
    answers.reserve(Promise.resolve(article(mebibyte)))
    await settled()
    expect(answers.room()).to.be.instanceOf(Promise)
  })

  it('counts the articles that are there before it is their turn, until it is', async () => {
    let held = 0
    const count = {
      hold(octets: number) {
        held += octets
      },
      release(octets: number) {
        held -= octets
      },
    }
    const answers = new Answers(() => undefined, count)
    for (let small = 0; small < 40; small++) {
      answers.reserve(Promise.resolve(article(100)))
      await answers.empty()
    }
    const first = later()
    answers.reserve(first.response)
    for (let started = 0; started < 10; started++) answers.reserve(Promise.resolve(article(mebibyte)))
    await settled()
    expect(held).to.equal(10 * mebibyte)
    first.come(article(100))
    await answers.empty()
    expect(held).to.equal(0)
  })
})
