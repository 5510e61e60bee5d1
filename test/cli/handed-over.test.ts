import { expect } from 'chai'
import { takeHandedOver } from '../../src/cli/handed-over.ts'
import { configSchema } from '../../src/config/config.ts'

const pid = 4711
const { listen } = configSchema.parse({
  listen: { nntp: ['0.0.0.0:119', '[::]:119'], nntps: ['[::]:563'], web: ['[::]:80'] },
})

function take(fds: string, names?: string) {
  const env = { HOME: '/', LISTEN_PID: String(pid), LISTEN_FDS: fds, ...(names && { LISTEN_FDNAMES: names }) }
  try {
    return takeHandedOver(env, { pid, listen })
  } catch (error) {
    return String(error)
  } finally {
    expect(Object.keys(env)).to.deep.equal(['HOME'])
  }
}

describe('sockets handed over', () => {
  const cases: readonly (readonly [fds: string, names: string | undefined, taken: object | RegExp])[] = [
    ['1', 'nntps', { nntps: [3] }],
    ['4', 'webs:nntp:admin:nntp', { webs: [3], nntp: [4, 6], admin: [5] }],
    ['2', undefined, { nntp: [3, 4] }],
    ['3', 'tidings.socket:tidings.socket:tidings.socket', { nntp: [3, 4], nntps: [5] }],
    ['5', undefined, { nntp: [3, 4], nntps: [5], web: [6], admin: [7] }],
    ['0', undefined, {}],
    ['x', 'nntp', {}],
    ['1', undefined, /1 sockets came without names, where the configuration has 5 addresses/],
    ['6', undefined, /6 sockets came without names/],
    ['2', 'nntp:tidings.socket', /a socket has the name "tidings\.socket".*FileDescriptorName=/],
    ['2', 'nntp', /2 sockets came with 1 names/],
  ]
  for (const [fds, names, taken] of cases)
    it(`understands ${fds} ${names ?? 'without names'}`, () => {
      if (taken instanceof RegExp) expect(take(fds, names)).to.match(taken)
      else expect(take(fds, names)).to.deep.equal(taken)
    })

  it('leaves alone what is for another process, and believes nobody twice', () => {
    const env: Record<string, string> = { LISTEN_PID: '1', LISTEN_FDS: '1', LISTEN_FDNAMES: 'nntp' }
    expect(takeHandedOver(env, { pid, listen })).to.deep.equal({})
    expect(env).to.deep.equal({})
    expect(takeHandedOver(env, { pid, listen })).to.deep.equal({})
  })
})
