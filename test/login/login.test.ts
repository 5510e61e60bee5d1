import { expect } from 'chai'
import { accountName, type PreparedPassword } from '../../src/account.ts'
import { parseHash } from '../../src/login/password-hash.ts'
import { cheap, TestLogins } from '../support/logins.ts'
import { ManualClock } from '../support/manual-clock.ts'

describe('login', () => {
  it('proves a name by its password, with roles and groups', async () => {
    await using world = new TestLogins()
    await world.add('fred flint', 's3cret word', { groups: ['staff'] })
    const outcome = await world.logins.password({
      name: 'fred flint',
      password: 's3cret word',
      address: '192.0.2.1',
    })
    expect(outcome).to.deep.equal({
      kind: 'proven',
      account: { name: 'fred flint', roles: new Set(['reader', 'poster']), groups: ['staff'] },
    })
    expect(await world.try('fred flint', 's3cret  word')).to.equal('refused')
    expect(await world.try('fred', 's3cret word')).to.equal('refused')
    expect(await world.try('ｆｒｅｄ ﬂint', 's3cret word'), 'the same after RFC 4013').to.equal('proven')
    expect(world.records.map(({ fields }) => fields.result)).to.deep.equal([
      'proven',
      'refused',
      'refused',
      'proven',
    ])
    expect(JSON.stringify(world.records)).not.to.contain('s3cret')
  })

  it('does the same work for a name that nobody has, a disabled one and one without a password', async () => {
    await using world = new TestLogins()
    await world.add('fred', 'right')
    await world.add('off', 'right', { disabled: true })
    await world.add('bare', 'right', { password: '' })
    for (const name of ['fred', 'nobody', 'off', 'bare', '__proto__', 'constructor']) {
      const before = world.logins.hashes
      expect(await world.try(name, `wrong ${name}`, '192.0.2.1')).to.equal('refused')
      expect(world.logins.hashes - before, name).to.equal(1)
    }
    expect(await world.try('off', 'right', '198.51.100.1')).to.equal('refused')
  })

  it('refuses what can be no name or password without any work', async () => {
    await using world = new TestLogins()
    await world.add('fred', 'right')
    const before = world.logins.hashes
    for (const [name, password] of [
      ['', 'x'],
      ['fred', ''],
      ['a\0b', 'x'],
      ['a\rb', 'x'],
      ['fred', 'x\n'],
      ['f'.repeat(257), 'x'],
      ['fred', 'é'.repeat(129)],
      [' fred', 'right'],
      ['\ud800', 'x'],
      ['\u202efred', 'right'],
    ] as const)
      expect(await world.try(name, password), JSON.stringify(name)).to.equal('refused')
    expect(world.logins.hashes).to.equal(before)
  })

  it('remembers a verified login for ten minutes, until the password or the account changes', async () => {
    const clock = new ManualClock()
    await using world = new TestLogins({ clock })
    const account = await world.add('fred', 'right')
    const hashes = async (expected: string, name = 'fred') => {
      const before = world.logins.hashes
      expect(await world.try(name, 'right')).to.equal(expected)
      return world.logins.hashes - before
    }
    expect(await hashes('proven')).to.equal(1)
    expect(await hashes('proven')).to.equal(0)
    await clock.advance(599_000)
    expect(await hashes('proven')).to.equal(0)
    await clock.advance(2_000)
    expect(await hashes('proven')).to.equal(1)
    await world.add('fred', 'other')
    expect(await hashes('refused')).to.equal(1)
    world.accounts.set(account.name, account)
    expect(await hashes('proven')).to.equal(1)
    world.accounts.set(account.name, { ...account, disabled: true })
    expect(await hashes('refused')).to.equal(1)
    world.accounts.delete(account.name)
    expect(await hashes('refused')).to.equal(1)
  })

  it('refuses an account that is disabled while its password is worked out', async () => {
    await using world = new TestLogins()
    const account = await world.add('fred', 'right')
    let asked = 0
    world.accounts.get = name => {
      asked += 1
      // The first question comes before the hash.
      return name === account.name ? { ...account, disabled: asked > 1 } : undefined
    }
    expect(await world.try('fred', 'right')).to.equal('refused')
    expect(asked).to.equal(2)
  })

  it('takes the roles as they are now, not as they were when the password was verified', async () => {
    await using world = new TestLogins()
    const account = await world.add('fred', 'right')
    expect(await world.try('fred', 'right')).to.equal('proven')
    world.accounts.set(account.name, { ...account, roles: ['reader'] })
    const outcome = await world.logins.password({ name: 'fred', password: 'right', address: '' })
    expect(outcome.kind === 'proven' && [...outcome.account.roles]).to.deep.equal(['reader'])
  })

  it('hashes identical logins that are in flight once', async () => {
    await using world = new TestLogins()
    await world.add('fred', 'right')
    const before = world.logins.hashes
    const outcomes = await Promise.all(Array.from({ length: 200 }, () => world.try('fred', 'right')))
    expect(new Set(outcomes)).to.deep.equal(new Set(['proven']))
    expect(world.logins.hashes - before).to.equal(1)
  })

  it('answers busy where more than 32 wait for a hash', async () => {
    await using world = new TestLogins()
    const outcomes = await Promise.all(
      Array.from({ length: 40 }, (_, n) => world.try(`user${n}`, 'x', `192.0.${n}.1`)),
    )
    expect(outcomes.filter(kind => kind === 'busy')).to.have.length(7)
    expect(outcomes.filter(kind => kind === 'refused')).to.have.length(33)
    expect(world.limits).to.include('password queue')
  })

  it('hashes anew where the cost has grown', async () => {
    await using world = new TestLogins({ cost: { ...cheap, ln: 5 } })
    await using before = new TestLogins()
    const old = await before.add('fred', 'right')
    world.accounts.set(old.name, old)
    expect(await world.try('fred', 'right')).to.equal('proven')
    await world.renewed
    const { password = '' } = world.accounts.get(old.name) ?? {}
    expect(parseHash(password)?.cost).to.deep.equal({ ...cheap, ln: 5 })
    expect(await world.try('fred', 'right')).to.equal('proven')
  })

  it('puts off attempts after five failures, for known and unknown names alike', async () => {
    for (const name of ['fred', 'nobody']) {
      const clock = new ManualClock()
      await using world = new TestLogins({ clock })
      await world.add('fred', 'right')
      for (let n = 0; n < 5; n++) expect(await world.try(name, `wrong${n}`)).to.equal('refused')
      let done = ''
      const attempt = world.try(name, 'right').then(kind => {
        done = kind
      })
      await clock.advance(900)
      expect(done).to.equal('')
      await clock.advance(200)
      await attempt
      expect(done).to.equal(name === 'fred' ? 'proven' : 'refused')
    }
  })

  it('says whether a password is that of a hash of no account yet, and puts off who guesses', async () => {
    const clock = new ManualClock()
    await using world = new TestLogins({ clock })
    const { password: stored } = await world.logins.stored(Buffer.from('right') as PreparedPassword)
    const ask = (password: string, counted = 'ticket') =>
      world.logins.isPassword(stored, { password, address: '192.0.2.1', counted })
    expect([await ask('right'), await ask('wrong'), await ask('')]).to.deep.equal(['right', 'wrong', 'wrong'])
    for (let n = 0; n < 4; n++) await ask(`wrong${n}`)
    let said = ''
    const asking = ask('right').then(answer => {
      said = answer
    })
    await clock.advance(900)
    expect(said).to.equal('')
    await clock.advance(200)
    await asking
    expect(said).to.equal('right')
    expect(world.records.every(({ fields }) => fields.account === '')).to.equal(true)
  })

  it('lets in at once who was verified lately, whoever tries the name meanwhile', async () => {
    const clock = new ManualClock()
    await using world = new TestLogins({ clock })
    await world.add('fred', 'right')
    expect(await world.try('fred', 'right', '192.0.2.1')).to.equal('proven')
    for (let n = 0; n < 5; n++) await world.try('fred', `wrong${n}`, '198.51.100.1')
    expect(await world.try('fred', 'right', '192.0.2.1')).to.equal('proven')
  })

  it('ends the wait of a client that goes', async () => {
    const clock = new ManualClock()
    await using world = new TestLogins({ clock })
    for (let n = 0; n < 5; n++) await world.try('fred', `wrong${n}`)
    const abort = new AbortController()
    const attempt = world.logins.password({ name: 'fred', password: 'x', address: '192.0.2.1' }, abort.signal)
    await clock.advance(10)
    abort.abort()
    expect((await attempt).kind).to.equal('busy')
  })

  it('knows an account by its certificate: a name only where its issuer is trusted', async () => {
    await using world = new TestLogins()
    await world.add('by key', 'x', { certificates: [`sha256:${'a'.repeat(64)}`] })
    await world.add('by name', 'x', { certificates: ['client.example'] })
    const shown = async (certificate: object, wanted = '') => {
      const outcome = await world.logins.certificate(
        { names: [], fingerprint: '', trusted: false, ...certificate },
        { wanted, address: '192.0.2.1' },
      )
      return outcome.kind === 'proven' ? outcome.account.name : outcome.kind
    }
    expect(await shown({ fingerprint: `sha256:${'a'.repeat(64)}` })).to.equal('by key')
    expect(await shown({ fingerprint: `sha256:${'b'.repeat(64)}` })).to.equal('refused')
    expect(await shown({ names: ['client.example'] })).to.equal('refused')
    expect(await shown({ names: ['client.example'], trusted: true })).to.equal('by name')
    expect(await shown({ names: ['client.example'], trusted: true }, 'by name')).to.equal('by name')
    expect(await shown({ names: ['client.example'], trusted: true }, 'by key')).to.equal('refused')
    const name = accountName('by name')
    const account = name && world.accounts.get(name)
    if (account) world.accounts.set(account.name, { ...account, disabled: true })
    expect(await shown({ names: ['client.example'], trusted: true })).to.equal('refused')
  })
})
