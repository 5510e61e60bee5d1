import { expect } from 'chai'
import type { Role } from '../../../src/client.ts'
import { refusalOf } from '../../../src/web/routing/rights.ts'
import { ManualClock } from '../../support/manual-clock.ts'

const clock = new ManualClock()
const hour = 3_600_000

/** What a route that needs `needs` says to somebody with `roles`, who gave a password so many milliseconds ago. */
function said(needs: 'person' | 'moderator' | 'admin' | undefined, roles?: readonly Role[], ago = 0) {
  const account = { name: 'ann', roles: new Set(roles), groups: [] }
  const person = roles && { account, provenAt: clock.now() - ago, session: 's' }
  const answer = refusalOf(needs ? { needs } : {}, { person, here: '/admin/?a=1' }, { clock })
  if (answer === undefined) return 'may'
  return answer.kind === 'redirect' ? answer.to : answer.kind === 'trouble' ? answer.status : answer.kind
}

describe('web: rights', () => {
  const login = '/login?next=%2Fadmin%2F%3Fa%3D1'

  it('are asked only where a row needs them', () => {
    expect([said(undefined), said('person'), said('moderator'), said('admin')]).to.deep.equal([
      'may',
      login,
      login,
      login,
    ])
  })

  it('are those of roles', () => {
    const of = (needs: 'person' | 'moderator' | 'admin') =>
      ([[], ['reader', 'poster'], ['moderator'], ['admin']] as const).map(roles => said(needs, roles))
    expect(of('person')).to.deep.equal(['may', 'may', 'may', 'may'])
    expect(of('moderator')).to.deep.equal([403, 403, 'may', 'may'])
    expect(of('admin')).to.deep.equal([403, 403, 403, 'may'])
  })

  it('of administrators want a password of the last hour', () => {
    expect([said('admin', ['admin'], hour), said('admin', ['admin'], hour + 1)]).to.deep.equal(['may', login])
    expect(said('moderator', ['admin'], 30 * hour)).to.equal('may')
  })
})
