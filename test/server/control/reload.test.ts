import { expect } from 'chai'
import { changedKeys, needsRestart, untilRestart } from '../../../src/server/control/reload.ts'
import { fakeConfig } from '../../support/fake-node.ts'

describe('server/reload', () => {
  const old = fakeConfig({})
  const next = {
    ...old,
    mail: { ...old.mail, from: 'news@b.example' },
    limits: { ...old.limits, headers: 7 },
    log: { level: 'debug' as const, file: 'other.log' },
  }

  it('takes over what a running node can change', () => {
    const running = untilRestart(old, next)
    expect(changedKeys(old, running)).to.have.members(['limits.headers', 'log.level'])
  })

  it('names what waits for a restart, at every reload', () => {
    const waiting = ['mail.from', 'log.file']
    expect(changedKeys(old, next).filter(needsRestart)).to.have.members(waiting)
    expect(changedKeys(untilRestart(old, next), next)).to.have.members(waiting)
  })
})
