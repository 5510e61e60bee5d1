import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { parse } from 'smol-toml'
import { configSections } from '../../src/config/keys.ts'
import { quietStatus, Site } from './fake-node.ts'
import { FakeProcess } from './fake-process.ts'

const article = 'From: A <a@b.example>\r\nSubject: \x1b[2Jx\r\n\r\nBody \x9b\r\n'
const copy = {
  messageId: '<1@b.example>',
  filings: [{ group: 'local.test', number: 5 }],
  text: Buffer.from(article),
}
const event = {
  arrival: 9,
  time: 1_700_000_000,
  kind: 'article',
  source: 'post:',
  messageId: '<1@b.example>',
  filings: [{ group: 'local.test', number: 5 }],
  from: 'A <a@b.example>',
  subject: 'evil \x1b[2J\u202e',
}
const progress = {
  octetsDone: 50,
  octetsTotal: 100,
  articles: 10,
  accepted: 9,
  duplicates: 1,
  refused: 0,
  rate: 5,
}

describe('tidings commands', () => {
  let site: Site
  beforeEach(async () => {
    site = await Site.open()
  })
  afterEach(() => site[Symbol.asyncDispose]())

  describe('status', () => {
    it('shows the node', async () => {
      site.node.state = {
        ...quietStatus,
        newest: { arrival: 77, time: Date.now() / 1000 - 3_700 },
        warnings: ['running as root'],
        peers: [
          {
            name: 'news.b.example',
            state: 'up',
            connections: 1,
            behind: 5,
            lag: 90,
            deferred: 0,
            lastError: '',
          },
        ],
      }
      const { code, out } = await site.run(['status'])
      expect(code).to.equal(0)
      expect(out).to.match(/^news\.example\.org {2}tidings 1\.2\.3, pid 7, up 3 h 12 min\n/)
      expect(out).to.contain('nntp 127.0.0.1:1119  web 127.0.0.1:8119\n')
      expect(out)
        .to.contain('12,345 (crossposts count in each group)  newest 1 h 1 min ago (arrival 77)\n')
        .and.contain('12.3 GB free of 50.0 GB')
      expect(out)
        .to.contain('news.b.example  up  5 behind, lag 1 min 30 s')
        .and.contain('warning  running as root\n')
    })

    it('is JSON where wanted', async () => {
      expect(JSON.parse((await site.run(['status', '--json'])).out)).to.deep.equal(quietStatus)
    })

    it('has colours on a terminal only, and not under NO_COLOR', async () => {
      expect((await site.run(['status'], new FakeProcess({ terminal: true }))).out).to.contain('\x1b[1m')
      const plain = new FakeProcess({ terminal: true, env: { NO_COLOR: '1' } })
      expect((await site.run(['status'], plain)).out).to.not.contain('\x1b')
    })

    it('checks like a plug-in of Nagios', async () => {
      expect(await site.run(['status', '--check'])).to.deep.equal({
        code: 0,
        out: 'TIDINGS OK: 12,345 articles in 3 groups | articles=12345 connections=2 free=12300000000B\n',
        err: '',
      })
      site.node.state = { ...quietStatus, warnings: ['little space'] }
      expect((await site.run(['status', '--check'])).code).to.equal(1)
      const peer = {
        name: 'b',
        state: 'down',
        connections: 0,
        behind: 10_001,
        lag: 1,
        deferred: 0,
        lastError: '',
      }
      site.node.state = { ...quietStatus, peers: [peer] }
      expect((await site.run(['status', '--check'])).out).to.contain('WARNING: peer b is behind |')
      site.node.state = { ...quietStatus, warnings: ['x'], troubles: ['no space'] }
      expect(await site.run(['status', '--check'])).to.include({ code: 2 })
      await site.stop()
      expect((await site.run(['status', '--check'])).code).to.equal(2)
      writeFileSync(site.config, '[nodes]')
      expect((await site.run(['status', '--check'])).code).to.equal(3)
    })

    it('watches until Ctrl-C', async () => {
      const around = new FakeProcess()
      const watching = site.run(['status', '--watch', '--json'], around)
      await around.stdout.shows('}\n')
      around.send('SIGINT')
      expect((await watching).code).to.equal(130)
      expect(around.send('SIGINT')).to.equal(false)
    })
  })

  it('says what to do when the node is not running', async () => {
    await site.stop()
    for (const words of [['status'], ['stop'], ['reload'], ['group', 'list'], ['tail', '*'], ['export']]) {
      const { code, err } = await site.run(words)
      expect(code, words.join(' ')).to.equal(69)
      expect(err).to.contain('the node is not running').and.contain('run "tidings start"')
    }
  })

  it('stops the node and waits for it', async () => {
    expect(await site.run(['stop'])).to.deep.equal({ code: 0, out: 'The node has stopped.\n', err: '' })
    expect((await site.run(['stop'])).code).to.equal(69)
  })

  it('reloads and shows what changed', async () => {
    expect((await site.run(['reload'])).out).to.equal('Nothing has changed.\n')
    site.node.outcome = { applied: ['limits.headers'], restart: ['listen.nntp'], warnings: ['w'] }
    expect(await site.run(['reload'])).to.deep.equal({
      code: 0,
      out: 'applied        limits.headers\nneeds restart  listen.nntp\n',
      err: 'warning: w\n',
    })
    expect(JSON.parse((await site.run(['reload', '--json'])).out)).to.deep.equal(site.node.outcome)
  })

  describe('group', () => {
    it('lists', async () => {
      const { out } = await site.run(['group', 'list', 'local.*'])
      expect(out.split('\n')[0]).to.match(/^local\.general +y +0 {2}empty +Talk$/)
      expect(site.node.calls).to.deep.equal(['local.*'])
      expect(JSON.parse((await site.run(['group', 'list', '--json'])).out)).to.deep.equal(site.node.rows)
      site.node.rows = []
      expect(JSON.parse((await site.run(['group', 'list', '--json'])).out)).to.deep.equal([])
    })

    it('adds, changes and removes', async () => {
      const added = await site.run(['group', 'add', 'local.new', '--status', 'm', '--description', 'New'])
      expect(added.out).to.equal('created local.new (m)\n')
      expect((await site.run(['group', 'set', 'local.new', '--status', '=local.test'])).code).to.equal(0)
      expect((await site.run(['group', 'remove', 'local.new'])).out).to.equal('removed local.new\n')
      expect(site.node.calls).to.deep.equal([
        { name: 'local.new', status: 'm', description: 'New' },
        { name: 'local.new', status: '=local.test' },
        'local.new',
      ])
      expect(JSON.parse((await site.run(['group', 'add', 'local.x', '--json'])).out)).to.include({
        name: 'local.x',
      })
    })

    it('ends with 1 where the node refuses', async () => {
      expect(await site.run(['group', 'add', 'local.test'])).to.deep.equal({
        code: 1,
        out: '',
        err: 'tidings: local.test exists\n',
      })
    })

    it('imports an active file in batches', async () => {
      const active = join(site.folder, 'active')
      const names = join(site.folder, 'newsgroups')
      const lines = Array.from({ length: 600 }, (_, n) => `alt.g${n} 0000000009 0000000003 y`)
      writeFileSync(active, `# comment\n\n${lines.join('\n')}\nbad.name 1 1 y\nbroken line\n`)
      writeFileSync(names, Buffer.from('alt.g0\t\tGr\xfc\xdfe\nalt.g1 \u0047\n', 'latin1'))
      const { code, out, err } = await site.run(['group', 'import', active, '--descriptions', names])
      expect(code).to.equal(65)
      expect(out).to.equal('600 created, 0 changed, 0 there already, 2 refused\n')
      expect(err).to.equal(`${active}: line 604: expected: name high low status\nbad.name: bad name\n`)
      expect(site.node.calls).to.deep.equal([500, 101])
      expect(site.node.activeRows[0]).to.deep.equal({
        name: 'alt.g0',
        high: 9,
        low: 3,
        status: 'y',
        description: 'Grüße',
      })
      expect(site.node.activeRows[2]).to.deep.equal({ name: 'alt.g2', high: 9, low: 3, status: 'y' })
    })

    it('says which file cannot be read', async () => {
      const { code, err } = await site.run(['group', 'import', '/nowhere/active'])
      expect(code).to.equal(74)
      expect(err).to.contain('/nowhere/active')
    })
  })

  describe('tail', () => {
    it('prints articles as they arrive, with control characters shown', async () => {
      site.node.events = [event, { ...event, kind: 'cancel', from: '', subject: '' }]
      const { code, out } = await site.run(['tail', 'local.*', '--since', '8'])
      expect(code).to.equal(0)
      expect(site.node.calls[0]).to.deep.equal({ wildmat: 'local.*', since: 8 })
      expect(out).to.equal(
        '2023-11-14 22:13:20  9  local.test:5  <1@b.example>  A <a@b.example>  evil \\x1b[2J\\u202e\n' +
          '2023-11-14 22:13:20  9  cancel local.test:5  <1@b.example>\n',
      )
    })

    it('is a line of JSON for each', async () => {
      site.node.events = [event, event]
      const lines = (await site.run(['tail', '*', '--json'])).out.trimEnd().split('\n')
      expect(lines.map(line => JSON.parse(line))).to.deep.equal([event, event])
    })

    it('goes on until Ctrl-C, and then the node stops it too', async () => {
      site.node.events = [event]
      site.node.hang = true
      const around = new FakeProcess()
      const tail = site.run(['tail', '*'], around)
      await around.stdout.shows('evil')
      around.send('SIGTERM')
      expect(await tail).to.include({ code: 130, err: '' })
      expect((await site.run(['tail', '*', '--since', 'x'])).code).to.equal(64)
    })
  })

  describe('post', () => {
    it('takes an article from standard input or a file', async () => {
      site.node.verdict = { outcome: 'accepted', messageId: '<9@x>', filings: copy.filings, reason: '' }
      const around = new FakeProcess({ input: article })
      expect(await site.run(['post'], around)).to.deep.equal({
        code: 0,
        out: 'posted <9@x> to local.test:5\n',
        err: '',
      })
      expect(site.node.posted?.toString()).to.equal(article)
      const file = join(site.folder, 'article')
      const large = Buffer.alloc(900_000, 'a\xff\n', 'latin1')
      writeFileSync(file, large)
      expect((await site.run(['post', file])).code).to.equal(0)
      expect(site.node.posted?.equals(large)).to.equal(true)
    })

    it('ends with what became of it', async () => {
      const input = () => new FakeProcess({ input: 'x' })
      site.node.verdict = { outcome: 'mailed', messageId: '<9@x>', filings: [], reason: '' }
      expect((await site.run(['post'], input())).out).to.equal('sent to the moderator: <9@x>\n')
      site.node.verdict = { outcome: 'held', messageId: '<9@x>', filings: [], reason: '' }
      expect((await site.run(['post'], input())).out).to.equal('held for release: <9@x>\n')
      site.node.verdict = { outcome: 'rejected', messageId: '', filings: [], reason: 'Bad From' }
      expect(await site.run(['post'], input())).to.deep.equal({
        code: 1,
        out: '',
        err: 'tidings: Bad From\n',
      })
      site.node.verdict = { outcome: 'deferred', messageId: '', filings: [], reason: 'No space' }
      expect(await site.run(['post'], input())).to.include({ code: 75 })
      expect(JSON.parse((await site.run(['post', '--json'], input())).out)).to.have.property(
        'outcome',
        'deferred',
      )
      expect(await site.run(['post'], new FakeProcess())).to.include({ code: 65 })
    })
  })

  describe('mail', () => {
    const row = {
      id: 7,
      to: 'mod@b.example',
      subject: 'Hello \x1b[2J',
      messageId: '<1@b.example>',
      letter: false,
      time: 1_795_248_000,
      octets: 1234,
      tries: 1,
      lastError: '451 \x1b no',
      retryIn: 90,
    }

    it('lists what waits, safely', async () => {
      expect((await site.run(['mail', 'list'])).out).to.equal('no mail waits\n')
      const { retryIn: _, ...unsent } = row
      site.node.mail.rows = [
        row,
        { ...unsent, id: 8, tries: 0, lastError: '' },
        { ...row, id: 9, retryIn: 0 },
      ]
      const { out } = await site.run(['mail', 'list'])
      expect(out.split('\n').map(line => line.split(/ {2,}/))).to.deep.equal([
        ...[
          ['7', '1 try', 'in 1 min 30 s', '451 \\x1b no'],
          ['8', '0 tries', 'no mail server'],
          ['9', '1 try', 'now', '451 \\x1b no'],
        ].map(([id, ...rest]) => [id, '2026-11-21 08:00:00', 'mod@b.example', 'Hello \\x1b[2J', ...rest]),
        [''],
      ])
      expect(await site.json('mail', 'list')).to.deep.equal(site.node.mail.rows)
    })

    it('tries again and drops', async () => {
      site.node.mail.rows = [row]
      expect((await site.run(['mail', 'retry'])).out).to.equal('all are tried again\n')
      expect((await site.run(['mail', 'retry', '7'])).out).to.equal('mail 7 is tried again\n')
      expect((await site.run(['mail', 'drop', '7'])).out).to.equal('mail 7 dropped\n')
      expect(await site.run(['mail', 'drop', '8'])).to.include({ code: 1, err: 'tidings: no mail 8 waits\n' })
      expect((await site.run(['mail', 'drop', '-1'])).code).to.equal(64)
      expect((await site.run(['mail', 'drop', 'x'])).code).to.equal(64)
      expect(site.node.mail.calls).to.deep.equal(['retry all', 'retry 7', 'drop 7'])
    })
  })

  describe('moderate', () => {
    const row = {
      messageId: '<1@b.example>',
      account: 'ann',
      address: '192.0.2.1',
      time: 1_795_248_000,
      newsgroups: ['local.test', 'local.other'],
      from: 'A <a@b.example>',
      subject: 'H\xc3\xa9llo \x1b[2J',
      octets: 1234,
    }

    beforeEach(() => {
      site.node.held.copies = [{ row, text: Buffer.from('From: A\r\n\r\nB\x9b\r\n', 'latin1') }]
      site.node.held.calls.length = 0
    })

    it('lists what is held, safely', async () => {
      expect((await site.run(['moderate', 'list'])).out).to.equal(
        '2026-11-21 08:00:00  <1@b.example>  ann (192.0.2.1)  local.test,local.other  1.2 kB  Héllo \\x1b[2J\n',
      )
      expect(await site.json('moderate', 'list')).to.deep.equal([row])
      site.node.held.copies = []
      expect((await site.run(['moderate', 'list'])).out).to.equal('no article is held for release\n')
    })

    it('shows one octet for octet', async () => {
      expect((await site.run(['moderate', 'show', '1@b.example'])).out).to.contain('From: A\r\n\r\nB')
      const terminal = await site.run(
        ['moderate', 'show', '1@b.example'],
        new FakeProcess({ terminal: true }),
      )
      expect(terminal.out)
        .to.match(/^From: A\r?\n\r?\nB/)
        .and.not.contain('\x9b')
      expect(await site.json('moderate', 'show', '1@b.example')).to.deep.equal({
        ...row,
        base64: site.node.held.copies[0]?.text.toString('base64'),
      })
      expect(await site.run(['moderate', 'show', '2@b.example'])).to.include({
        code: 1,
        err: 'tidings: no article <2@b.example> is held for release\n',
      })
    })

    it('releases and rejects several, one fault keeping none of the others back', async () => {
      expect(await site.run(['moderate', 'release', '2@b.example', '<1@b.example>'])).to.deep.equal({
        code: 1,
        out: '<1@b.example> released to local.test:5\n',
        err: 'tidings: no article <2@b.example> is held\n',
      })
      site.node.held.released = { outcome: 'mailed', filings: [] }
      expect((await site.run(['moderate', 'release', '1@b.example'])).out).to.equal(
        '<1@b.example> sent to the moderator\n',
      )
      expect(await site.run(['moderate', 'reject', '1@b.example', '--reason', 'spam'])).to.deep.equal({
        code: 0,
        out: '<1@b.example> rejected\n',
        err: '',
      })
      expect(site.node.held.calls).to.deep.equal([
        'release <1@b.example>',
        'release <1@b.example>',
        'reject <1@b.example>',
      ])
      const long = await site.run(['moderate', 'reject', '1@b.example', '--reason', 'x'.repeat(201)])
      expect(long.code).to.equal(64)
      expect((await site.run(['moderate', 'release'])).code).to.equal(64)
    })
  })

  describe('article', () => {
    it('is shown octet for octet, and safely on a terminal', async () => {
      site.node.articles.set('<1@b.example>', copy)
      expect((await site.run(['article', 'show', '<1@b.example>'])).out).to.equal(article)
      const terminal = await site.run(['article', 'show', '1@b.example'], new FakeProcess({ terminal: true }))
      expect(terminal.out).to.equal('From: A <a@b.example>\nSubject: \\x1b[2Jx\n\nBody \\x9b\n')
      const json = JSON.parse((await site.run(['article', 'show', '1@b.example', '--json'])).out)
      expect(json).to.deep.equal({
        messageId: copy.messageId,
        filings: copy.filings,
        base64: copy.text.toString('base64'),
      })
    })

    it('may be larger than a frame', async () => {
      site.node.articles.set('<1@b.example>', { ...copy, text: Buffer.alloc(3_000_000, 'x') })
      expect((await site.run(['article', 'show', '1@b.example'])).out).to.have.length(3_000_000)
    })

    it('is cancelled', async () => {
      site.node.articles.set('<1@b.example>', copy)
      expect((await site.run(['article', 'cancel', '1@b.example'])).out).to.equal('cancelled <1@b.example>\n')
      expect((await site.run(['article', 'cancel', '1@b.example', '--send'])).out).to.equal(
        'cancelled <1@b.example> here and for peers\n',
      )
      expect(site.node.calls).to.deep.equal(['<1@b.example>', false, '<1@b.example>', true])
    })

    it('is missed with 1', async () => {
      for (const verb of ['show', 'cancel'])
        expect(await site.run(['article', verb, 'none@x'])).to.deep.equal({
          code: 1,
          out: '',
          err: 'tidings: no article <none@x>\n',
        })
    })
  })

  describe('import', () => {
    it('asks the node with absolute paths, and shows the result', async () => {
      site.node.progress = [progress, { ...progress, octetsDone: 100, articles: 2_000, accepted: 1_999 }]
      const { code, out, err } = await site.run([
        'import',
        site.config,
        '.',
        '--format',
        'spool',
        '--group',
        'local.test',
        '--create-groups',
        '--keep-numbers',
        '--dry-run',
      ])
      expect(code).to.equal(0)
      expect(out).to.equal('2,000 articles: 1,999 would be accepted, 1 there already, 0 would be refused\n')
      expect(err).to.equal('')
      expect(site.node.imported).to.deep.equal({
        paths: [site.config, process.cwd()],
        format: 'spool',
        group: 'local.test',
        createGroups: true,
        keepNumbers: true,
        dryRun: true,
      })
    })

    it('ends with 65 where an article was refused', async () => {
      site.node.progress = [{ ...progress, refused: 2 }]
      const { code, err } = await site.run(['import', site.config])
      expect(code).to.equal(65)
      expect(err).to.contain('--rejects FILE')
      const kept = await site.run(['import', site.config, '--rejects', 'r', '--json'])
      expect(kept).to.include({ code: 65, err: '' })
      expect(JSON.parse(kept.out)).to.have.property('refused', 2)
      expect(site.node.imported?.rejects).to.equal(join(process.cwd(), 'r'))
    })

    it('draws a bar with rate and time left on a terminal', async () => {
      site.node.progress = [progress]
      const around = new FakeProcess({ terminal: true })
      expect((await site.run(['import', site.config], around)).code).to.equal(0)
      expect(around.stderr.text).to.match(/={16}-{16} 50% {2}10 articles, 5\/s {2}.* left/)
    })

    it('is stopped by Ctrl-C, in the node too', async () => {
      site.node.progress = [progress]
      site.node.hang = true
      const around = new FakeProcess({ terminal: true })
      const importing = site.run(['import', site.config], around)
      await around.stderr.shows('10 articles')
      around.send('SIGINT')
      expect((await importing).code).to.equal(130)
    })

    it('does not ask for files that are not there', async () => {
      expect(await site.run(['import', '/nowhere'])).to.include({ code: 65 })
      expect(site.node.imported).to.equal(undefined)
    })
  })

  describe('pull', () => {
    const pulled = {
      done: 50,
      total: 100,
      groups: 2,
      unknownGroups: 0,
      fetched: 10,
      accepted: 9,
      known: 4,
      refused: 0,
      older: 3,
      missing: 2,
      octets: 12_345,
      rate: 5,
    }

    it('asks the node, draws a bar, and shows the result', async () => {
      site.node.pulled = [pulled, pulled]
      const around = new FakeProcess({ terminal: true })
      const { code, out } = await site.run(
        [
          'pull',
          'news.example',
          '--groups',
          'a.*',
          '--since',
          '2026-11-01',
          '--user',
          'me',
          '--password-file',
          'f',
        ],
        around,
      )
      expect(code).to.equal(0)
      expect(out).to.equal(
        '2 groups: 9 accepted, 4 there already, 0 refused, 3 too old, 2 gone there; 12.3 kB fetched\n',
      )
      expect(around.stderr.text).to.match(/={16}-{16} 50% {2}10 articles, 5\/s/)
      expect(site.node.calls[0]).to.deep.equal({
        host: 'news.example',
        port: 119,
        groups: 'a.*',
        since: Date.UTC(2026, 10, 1) / 1000,
        tls: 'off',
        pin: [],
        createGroups: false,
        account: { user: 'me', passwordFile: join(process.cwd(), 'f') },
      })
    })

    it('ends with 65 where an article was refused, and with 130 on Ctrl-C', async () => {
      site.node.pulled = [{ ...pulled, refused: 1 }]
      expect(await site.run(['pull', '[::1]:1190', '--groups', '*', '--json'])).to.include({
        code: 65,
        err: '',
      })
      expect(site.node.calls[0]).to.include({ host: '::1', port: 1190 })
      site.node.hang = true
      const around = new FakeProcess({ terminal: true })
      const pulling = site.run(['pull', 'a', '--groups', '*'], around)
      await around.stderr.shows('10 articles')
      around.send('SIGINT')
      expect((await pulling).code).to.equal(130)
    })
  })

  describe('expire', () => {
    const counted = { articles: 1234, octets: 5_000_000, groups: [], done: false }
    const groups = [{ name: 'local.test', articles: 1234, octets: 5_000_000 }]

    it('asks the node, and shows what went in each group', async () => {
      site.node.expired = [counted, { ...counted, groups, done: true }]
      expect((await site.run(['expire', '--groups', 'local.*'])).out).to.equal(
        'local.test      1,234    5.0 MB\n1,234 articles removed, 5.0 MB\n',
      )
      const dry = await site.run(['expire', '--dry-run', '--json'])
      expect(JSON.parse(dry.out)).to.deep.equal({ articles: 1234, octets: 5_000_000, groups })
      expect(site.node.calls).to.deep.equal([{ dryRun: false, groups: 'local.*' }, { dryRun: true }])
    })
  })

  it('has the words of the search made again by the running node', async () => {
    expect(await site.run(['rebuild', '--search'])).to.deep.include({ code: 0, err: '' })
    expect(site.node.calls).to.deep.equal(['search.rebuild'])
  })

  describe('verify', () => {
    const sound = { checked: 12_345, kinds: [], fetched: 0, done: true, sound: true }
    const kinds = [{ kind: 'history', found: 2, mended: 0, examples: ['<a@b> does not lead to article 3'] }]

    it('shows what is wrong, and ends with 65 then', async () => {
      site.node.verified = [{ ...sound, kinds, sound: false }]
      expect(await site.run(['verify'])).to.deep.equal({
        code: 65,
        out:
          'history: 2 wrong, 0 put right\n  <a@b> does not lead to article 3\n' +
          '12,345 values looked at: the store is damaged\n',
        err: 'Run it again with --repair to put right what can be made again.\n',
      })
    })

    it('ends with 0 where nothing is, or nothing is any more', async () => {
      site.node.verified = [sound]
      expect(await site.run(['verify'])).to.include({
        code: 0,
        out: '12,345 values looked at: all is well\n',
      })
      expect(JSON.parse((await site.run(['verify', '--repair', '--json'])).out)).to.deep.equal(sound)
      expect(site.node.calls).to.deep.equal([{ repair: false }, { repair: true }])
    })
  })

  describe('export', () => {
    it('writes to standard output', async () => {
      site.node.pieces = [{ octets: Buffer.from('one\n') }, { octets: Buffer.from('two\n') }]
      expect(await site.run(['export', '--groups', 'local.*'])).to.deep.equal({
        code: 0,
        out: 'one\ntwo\n',
        err: '',
      })
      expect(site.node.calls).to.deep.equal([{ format: 'mbox', groups: 'local.*' }])
    })

    it('writes a new file, and never over an old one', async () => {
      const file = join(site.folder, 'out')
      const large = Buffer.alloc(1_500_000, 'x')
      site.node.pieces = [{ octets: large }, { octets: Buffer.from('two\n') }]
      expect((await site.run(['export', '--format', 'rnews', '--output', file])).out).to.equal(
        `2 articles written to ${file}\n`,
      )
      expect(readFileSync(file).length).to.equal(1_500_004)
      expect((await site.run(['export', '--output', file])).code).to.equal(73)
    })

    it('writes a spool below a folder, and never beside it', async () => {
      const folder = join(site.folder, 'spool')
      site.node.pieces = [
        { path: 'local/test/1', octets: Buffer.from('one') },
        { path: 'local/test/2', octets: Buffer.from('two') },
      ]
      expect((await site.run(['export', '--format', 'spool', '--output', folder])).code).to.equal(0)
      expect(readFileSync(join(folder, 'local/test/2'), 'utf8')).to.equal('two')
      expect((await site.run(['export', '--format', 'spool'])).code).to.equal(64)
      for (const path of ['../x', '/x', 'a/../../x', 'a//x', '.']) {
        site.node.pieces = [{ path, octets: Buffer.from('x') }]
        expect(
          (await site.run(['export', '--format', 'spool', '--output', `${folder}2`])).code,
          path,
        ).to.equal(70)
      }
      expect(existsSync(join(site.folder, 'x'))).to.equal(false)
    })
  })

  describe('config', () => {
    it('is checked without a node', async () => {
      await site.stop()
      expect(await site.run(['config', 'check'])).to.deep.equal({
        code: 0,
        out: `${site.config}: ok\n`,
        err: '',
      })
      writeFileSync(site.config, '[node]\ndta = 1\nadmin = 3')
      const { code, err } = await site.run(['config', 'check'])
      expect(code).to.equal(78)
      expect(err.trimEnd().split('\n')).to.have.length(2)
      expect(err).to.contain(
        `tidings: ${site.config}: node.dta: unknown key; did you mean "data"? (line 2)\n`,
      )
    })

    it('is shown whole', async () => {
      const shown = await site.run(
        ['config', 'show'],
        new FakeProcess({ env: { TIDINGS_WEB_TITLE: 'Ours' } }),
      )
      expect(parse(shown.out)).to.have.nested.property('web.title', 'Ours')
      const json = JSON.parse((await site.run(['config', 'show', '--json'])).out)
      expect(json.node.data).to.equal(join(site.folder, 'data'))
    })

    it('is explained key by key where none is named', async () => {
      const { out } = await site.run(['config', 'explain'])
      for (const { name, repeated, keys } of configSections()) {
        expect(out, name).to.contain(repeated ? `\n[[${name}]]  ` : `[${name}]  `)
        for (const key of keys) expect(out, key.path).to.match(new RegExp(`^  ${key.name} +\\S`, 'm'))
      }
      for (const line of out.split('\n')) expect(line.length, line).to.be.lessThan(200)
      const json = JSON.parse((await site.run(['config', 'explain', '--json'])).out)
      expect(json).to.deep.equal(JSON.parse(JSON.stringify(configSections())))
    })

    it('is explained', async () => {
      expect((await site.run(['config', 'explain', 'peer[2].max_connections'])).out).to.equal(
        'peer.max_connections  (number, default 4, in each [[peer]])\n  Most connections we open to it.\n',
      )
      expect((await site.run(['config', 'explain', 'path_identity'])).out).to.contain('RFC 5536')
      expect((await site.run(['config', 'explain', '[[peer]]'])).out).to.contain(
        'peer.name  (text, must be given',
      )
      expect(JSON.parse((await site.run(['config', 'explain', 'log', '--json'])).out)).to.have.property(
        'name',
        'log',
      )
      expect(await site.run(['config', 'explain', 'node.dat'])).to.include({
        code: 64,
        err: 'tidings: node.dat: no such key; did you mean "node.data"?\n',
      })
      expect((await site.run(['config', 'explain', 'cluster'])).code).to.equal(69)
      expect(JSON.parse((await site.run(['config', 'schema'])).out)).to.have.property('properties')
    })
  })
})
