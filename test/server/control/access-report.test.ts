import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { parse } from 'smol-toml'
import type { Client, Role } from '../../../src/client.ts'
import { configSchema } from '../../../src/config/config.ts'
import { reportAccess } from '../../../src/server/control/access-report.ts'

const text = readFileSync(new URL('../../../../docs/operations.md', import.meta.url), 'utf8')
const section = text.slice(text.indexOf('## Who may do what'), text.indexOf('## The audit log'))
const [site, school, company] = [...section.matchAll(/```toml\n(.*?)```/gs)].map(([, toml = '']) =>
  configSchema.parse(parse(toml)),
)

const anybody = (address: string): Client => ({ address, secure: true })
const account = (groups: readonly string[], roles: readonly Role[] = ['reader', 'poster']): Client => ({
  ...anybody('203.0.113.9'),
  account: { name: 'ann', roles: new Set(roles), groups },
})

/** `rpa` where all is allowed. */
function rights(config: typeof site, client: Client, group: string): string {
  if (config === undefined) throw new Error('an example is missing')
  const { read, post, approve } = reportAccess(config, client, group)
  return [read.allowed ? 'r' : '-', post.allowed ? 'p' : '-', approve.allowed ? 'a' : '-'].join('')
}

describe('the examples of docs/operations.md', () => {
  it('open a site to readers, and to posters who log in', () => {
    expect(rights(site, anybody('203.0.113.9'), 'comp.x')).to.equal('r--')
    expect(rights(site, account([]), 'comp.x')).to.equal('rp-')
    expect(rights(site, account([], ['reader']), 'comp.x')).to.equal('r--')
  })

  it('keep pupils from adult groups, and let a whole school in by one address', () => {
    expect(rights(school, anybody('203.0.113.9'), 'school.a')).to.equal('---')
    expect(rights(school, anybody('198.51.100.7'), 'school.a')).to.equal('r--')
    expect(rights(school, anybody('198.51.100.7'), 'comp.x')).to.equal('---')
    expect(rights(school, account([]), 'alt.sex.stories')).to.equal('---')
    expect(rights(school, account([]), 'school.a')).to.equal('rp-')
    expect(rights(school, account(['teachers'], ['poster', 'moderator']), 'school.a')).to.equal('rpa')
    expect(rights(school, account(['teachers']), 'alt.sex.stories')).to.equal('rp-')
    expect(school && reportAccess(school, anybody('198.51.100.7'), 'school.a').limits.connections).to.equal(
      600,
    )
  })

  it('keep what is internal inside, for employees', () => {
    expect(rights(company, anybody('10.1.2.3'), 'comp.x')).to.equal('rp-')
    expect(rights(company, anybody('10.1.2.3'), 'internal.x')).to.equal('---')
    expect(rights(company, anybody('203.0.113.9'), 'comp.x')).to.equal('---')
    expect(rights(company, account(['employees']), 'internal.x')).to.equal('rp-')
    expect(rights(company, account(['board'], ['poster', 'moderator']), 'internal.board.x')).to.equal('rpa')
    expect(company && reportAccess(company, account(['employees']), 'internal.x').private).to.equal(true)
  })
})

describe('server/access-report', () => {
  const config = configSchema.parse({
    hierarchy: [{ pattern: 'a.*', labels: ['adult'] }],
    access: [{ users: '?*', read: '*', post: 'b.*', deny_labels: ['adult'] }],
  })
  const why = (client: Client, group: string) => {
    const { read, post } = reportAccess(config, client, group)
    return [read.why, post.why]
  }

  it('says what decides', () => {
    const none = 'no [[access]] rule is for this client'
    expect(why(anybody('::1'), 'b.c')).to.deep.equal([none, none])
    expect(why(account([]), 'b.c')).to.deep.equal(['read = "*"', 'post = "b.*"'])
    expect(why(account([]), 'a.c')).to.deep.equal(['deny_labels has "adult"', 'post = "b.*" does not match'])
    const role = 'no role of the account allows it'
    expect(why(account([], ['peer']), 'b.c')).to.deep.equal([role, role])
  })
})
