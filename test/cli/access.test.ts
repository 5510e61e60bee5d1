import { writeFileSync } from 'node:fs'
import { expect } from 'chai'
import { Site } from './fake-node.ts'
import { FakeProcess } from './fake-process.ts'

const rules = `[[hierarchy]]
pattern = "internal.*"
private = true
labels = ["internal"]

[[access]]
read = "*,!internal.*"

[[access]]
users = "?*"
groups = ["staff"]
read = "*"
post = "internal.*"
posts_per_hour = 9

[[access]]
from = ["192.0.2.0/24"]
read = "*"
deny_labels = ["internal"]

[[peer]]
name = "b.example"
from = ["192.0.2.7"]
`

describe('tidings access explain', () => {
  let site: Site
  beforeEach(async () => {
    site = await Site.open()
    writeFileSync(site.config, rules)
  })
  afterEach(() => site[Symbol.asyncDispose]())

  const explain = (...words: string[]) => site.run(['access', 'explain', ...words], new FakeProcess())

  it('prints the rule that counts, its place, and what it comes to', async () => {
    const { code, out } = await explain(
      ...[
        '--user',
        'ann',
        '--groups',
        'board,staff',
        '--roles',
        'reader',
        '--from',
        '198.51.100.7',
        'internal.x',
      ],
    )
    expect(code).to.equal(0)
    expect(out.split('\n')).to.deep.equal([
      'group         internal.x',
      `rule          ${site.config}, line 9: [[access]] number 2`,
      'read          yes: read = "*"',
      'post          no: no role of the account allows it',
      'approve       no: approve = "" does not match',
      'held          no',
      'limits        posts_per_hour = 9',
      `hierarchy     ${site.config}, line 1: [[hierarchy]] number 1`,
      'labels        internal',
      'private       yes: its articles leave by no feed',
      'peer          none',
      '',
    ])
  })

  it('names labels, peers, and what a login would change; as JSON too', async () => {
    const { out } = await explain('--from', '192.0.2.7', 'internal.x')
    expect(out)
      .to.contain('line 16: [[access]] number 3')
      .and.contain('read          no: deny_labels has "internal"')
    expect(out).to.contain('peer          b.example')
    const json = JSON.parse((await explain('--from', '::1', '--json', 'comp.x')).out)
    expect(json).to.deep.include({
      group: 'comp.x',
      read: { allowed: true, why: 'read = "*,!internal.*"' },
      rule: { number: 1, file: site.config, line: 6 },
      private: false,
      loginHelps: true,
    })
    expect(json).to.not.have.property('hierarchy')
  })

  it('asks the node for the groups and roles of the account, and says where it cannot', async () => {
    const fred = { name: 'fred', roles: ['poster'], groups: ['staff'], certificates: [], disabled: false }
    site.node.users.rows = [{ ...fred, password: true, scram: false, created: 0 }]
    const found = await explain('--user', 'fred', '--from', '::1', 'internal.x')
    expect(found.out).to.contain('post          yes: post = "internal.*"\n').and.not.contain('note')
    const unknown = await explain('--user', 'eve', '--from', '::1', 'internal.x')
    expect(unknown.out).to.contain('note          there is no such account here')
    await site.stop()
    const down = await explain('--user', 'fred', '--from', '::1', 'internal.x')
    expect(down.code).to.equal(0)
    expect(down.out).to.contain('note          no node runs: the account is taken to have no groups')
  })

  it('refuses what it does not understand', async () => {
    for (const [words, message] of [
      [['--from', 'here', 'comp.x'], 'tidings: --from here: expected an address\n'],
      [['--from', '::1', 'comp x'], 'tidings: comp x is no newsgroup name: '],
      [
        ['--from', '::1', '--user', 'a', '--roles', 'boss', 'comp.x'],
        'tidings: --roles: there is no role boss; ',
      ],
      [['--from', '::1', '--groups', 'a', 'comp.x'], 'tidings: --groups and --roles are of an account: '],
    ] as const) {
      const { code, err } = await explain(...words)
      expect(code).to.equal(64)
      expect(err.startsWith(message), err).to.equal(true)
    }
    writeFileSync(site.config, '')
    expect((await explain('--from', '::1', 'comp.x')).out).to.contain(
      'rule          no [[access]] rule matches',
    )
  })
})
