import { Readable } from 'node:stream'
import { expect } from 'chai'
import { Site } from './fake-node.ts'
import { FakeProcess } from './fake-process.ts'

/** A terminal on which this is typed, a key at a time. */
function typing(text: string) {
  const modes: boolean[] = []
  const around = new FakeProcess()
  const stdin = Object.assign(Readable.from([...text].map(key => Buffer.from(key))), {
    isTTY: true,
    setRawMode: (on: boolean) => void modes.push(on),
  })
  Object.assign(around, { stdin })
  return { around, modes }
}

describe('tidings user', () => {
  let site: Site
  beforeEach(async () => {
    site = await Site.open()
  })
  afterEach(() => site[Symbol.asyncDispose]())

  it('adds with a password from standard input, beside the arguments', async () => {
    const words = [
      'user',
      'add',
      'fred f',
      '--password-stdin',
      '--group',
      'staff',
      '--certificate',
      'a.example',
    ]
    expect(await site.run(words, new FakeProcess({ input: 'two  words\n' }))).to.deep.equal({
      code: 0,
      out: 'added fred f (reader, poster)\n',
      err: '',
    })
    expect(site.node.users.asked).to.deep.equal([
      [
        'add',
        { name: 'fred f', roles: ['reader', 'poster'], groups: ['staff'], certificates: ['a.example'] },
        'two  words',
      ],
    ])
    expect(await site.run(words, new FakeProcess({ input: 'x\n' }))).to.deep.equal({
      code: 1,
      out: '',
      err: 'tidings: there is an account fred f already\n',
    })
  })

  it('asks twice on a terminal that shows nothing', async () => {
    const { around, modes } = typing('sx\x7fecret\rsecret\r')
    const { code, err } = await site.run(
      ['user', 'add', 'ann', '--role', 'moderator', '--role', 'poster'],
      around,
    )
    expect([code, err]).to.deep.equal([0, 'Password: \nAgain: \n'])
    expect(site.node.users.asked).to.deep.equal([
      ['add', { name: 'ann', roles: ['moderator', 'poster'] }, 'secret'],
    ])
    expect(modes).to.deep.equal([true, false])
    expect(around.stdout.text).not.to.contain('secret')
  })

  it('looks at the roles before it asks for a password', async () => {
    const { around } = typing('secret\rsecret\r')
    expect(await site.run(['user', 'add', 'ann', '--role', 'boss'], around)).to.deep.equal({
      code: 64,
      out: '',
      err: 'tidings: there is no role "boss" (roles: reader, poster, moderator, peer, admin)\n',
    })
    expect(site.node.users.asked).to.deep.equal([])
  })

  it('changes nothing where the two differ, none was given, Ctrl-C came, or there is no terminal', async () => {
    for (const [typed, code] of [
      ['one\rtwo\r', 1],
      ['\r', 64],
      ['on\x03', 130],
    ] as const)
      expect((await site.run(['user', 'add', 'ann'], typing(typed).around)).code, typed).to.equal(code)
    expect(await site.run(['user', 'add', 'ann'])).to.include({ code: 64 })
    expect(await site.run(['user', 'set', 'ann', '--disable', '--enable'])).to.include({ code: 64 })
    expect(await site.run(['user', 'set', 'ann'])).to.include({ code: 64 })
    expect(site.node.users.asked).to.deep.equal([])
  })

  it('makes a password and shows it once', async () => {
    const { code, out } = await site.run(['user', 'add', 'ann', '--generate'])
    expect(code).to.equal(0)
    const password = /^added ann \(reader, poster\)\npassword (\S{20})\n$/.exec(out)?.[1]
    expect(site.node.users.asked.at(-1)).to.deep.include(password)
  })

  it('sets what is given and leaves the rest', async () => {
    await site.run(['user', 'set', 'ann', '--disable'])
    await site.run(
      ['user', 'set', 'ann', '--enable', '--role', 'reader', '--password-stdin'],
      new FakeProcess({ input: 'x' }),
    )
    await site.run(['user', 'add', 'robot', '--no-password', '--role', 'peer'])
    await site.run(['user', 'remove', 'ann'])
    expect(site.node.users.asked).to.deep.equal([
      ['set', { name: 'ann', disabled: true }, ''],
      ['set', { name: 'ann', disabled: false, roles: ['reader'] }, 'x'],
      ['add', { name: 'robot', roles: ['peer'] }, ''],
      ['remove', 'ann'],
    ])
  })

  it('lists accounts, as text and as JSON', async () => {
    site.node.users.rows = [
      {
        name: 'ann \x1b[2J',
        roles: ['reader', 'poster'],
        groups: ['staff'],
        certificates: ['a.example'],
        disabled: true,
        password: true,
        scram: true,
        created: 5,
      },
    ]
    expect((await site.run(['user', 'list'])).out).to.match(
      /^ann \\x1b\[2J +reader,poster +staff +password,scram,certificate,disabled\n$/,
    )
    expect(await site.json('user', 'list')).to.deep.equal(site.node.users.rows)
  })

  it('lists accounts of any width below each other', async () => {
    const usual = { groups: [], certificates: [], disabled: false, password: true, scram: false, created: 5 }
    site.node.users.rows = [
      { ...usual, name: 'ann', roles: ['admin', 'moderator', 'reader', 'poster'] },
      { ...usual, name: 'ben', roles: ['reader'] },
    ]
    expect((await site.run(['user', 'list'])).out).to.equal(
      'ann  admin,moderator,reader,poster    password\nben  reader                           password\n',
    )
  })
})
