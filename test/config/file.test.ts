import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import fc from 'fast-check'
import { configSchema } from '../../src/config/config.ts'
import { type ConfigErrors, type LoadedConfig, loadConfig } from '../../src/config/file.ts'
import { pemPair } from '../support/certificates.ts'

describe('configuration file', () => {
  let folder = ''
  const file = () => join(folder, 'conf', 'tidings.toml')
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tidings-config-'))
    mkdirSync(join(folder, 'conf', 'conf.d'), { recursive: true })
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  function load(text: string, env: Record<string, string> = {}): LoadedConfig | ConfigErrors {
    writeFileSync(file(), text)
    return loadConfig(file(), env)
  }
  function good(text: string, env: Record<string, string> = {}): LoadedConfig {
    const loaded = load(text, env)
    if (!loaded.ok) throw new Error(loaded.errors.join('\n'))
    return loaded
  }
  /** Errors with the temporary folder taken off. */
  function errors(text: string, env: Record<string, string> = {}): string[] {
    const loaded = load(text, env)
    if (loaded.ok) throw new Error('expected errors')
    return loaded.errors.map(error => error.replaceAll(`${folder}/`, ''))
  }

  it('gives every key its default where the file is empty', () => {
    const { config } = good('')
    expect(config.listen.nntp).to.deep.equal(['127.0.0.1:1119'])
    expect(config.limits).to.deep.equal(configSchema.parse({}).limits)
    expect(config.peer).to.deep.equal([])
  })

  it('counts relative paths from the parent of a conf folder, else from the folder of the file', () => {
    expect(good('[log]\nfile = "/var/log/tidings"').config.node.data).to.equal(join(folder, 'data'))
    expect(good('[log]\nfile = "/var/log/tidings"').config.log.file).to.equal('/var/log/tidings')
    const other = join(folder, 'node.toml')
    writeFileSync(other, '')
    const loaded = loadConfig(other, {})
    expect(loaded.ok && loaded.config.listen.control).to.equal(join(folder, 'run/control.sock'))
    writeFileSync(join(folder, 'conf', 'conf.d', 'x.toml'), '')
    expect(good('').base).to.equal(folder)
  })

  it('cannot be changed once loaded', () => {
    const { config } = good('[[group]]\nname = "local.test"')
    expect(() => config.group.push({ name: 'x', status: 'y', description: '' })).to.throw(TypeError)
    expect(() => Object.assign(config.node, { data: '' })).to.throw(TypeError)
  })

  const mistakes: readonly [string, string, string][] = [
    [
      'an address',
      '[[peer]]\nname = "a.b"\n[[peer]]\nname = "c.d"\nfrom = [\n  "192.0.2.1",\n  "news.b" ]',
      'conf/tidings.toml: peer[1].from[1]: expected an address or CIDR, found "news.b" (line 5)',
    ],
    [
      'a sender that no mail server takes',
      '[mail]\nfrom = "a..b@c.test"',
      'conf/tidings.toml: mail.from: expected a mail address, found "a..b@c.test" (line 2)',
    ],
    [
      'an unknown key',
      '[node]\n\ndta = "x"',
      'conf/tidings.toml: node.dta: unknown key; did you mean "data"? (line 3)',
    ],
    [
      'an unknown section',
      '[nodes]\ndata = "x"',
      'conf/tidings.toml: nodes: unknown key; did you mean "node"? (line 1)',
    ],
    [
      'a key of another section',
      '[node]\narticle_bytes = 1',
      'conf/tidings.toml: node.article_bytes: unknown key; it belongs into [limits] (line 2)',
    ],
    [
      'a wrong type',
      '[limits]\nheaders = "many"',
      'conf/tidings.toml: limits.headers: expected a number, found "many" (line 2)',
    ],
    [
      'a fraction',
      '[limits]\nheaders = 1.5',
      'conf/tidings.toml: limits.headers: expected a whole number, found 1.5 (line 2)',
    ],
    [
      'a small number',
      '[limits]\nheaders = 0',
      'conf/tidings.toml: limits.headers: expected more than 0, found 0 (line 2)',
    ],
    [
      'a large number',
      '[[peer]]\nname = "a.b"\nmax_connections = 99',
      'conf/tidings.toml: peer[0].max_connections: expected at most 64, found 99 (line 3)',
    ],
    [
      'a choice',
      '[log]\nlevel = "loud"',
      'conf/tidings.toml: log.level: expected one of "trace", "debug", "info", "warn", "error", found "loud" (line 2)',
    ],
    [
      'a missing key',
      '[[peer]]\nto = "a.b:119"',
      'conf/tidings.toml: peer[0].name: is missing; add name = ... (line 1)',
    ],
    [
      'one of two types',
      '[[peer]]\nname = "a.b"\nto = "a.b"',
      'conf/tidings.toml: peer[0].to: expected host:port such as "news.b.example:119", found "a.b" (line 3)',
    ],
    [
      'neither of two types',
      '[[peer]]\nname = "a.b"\nto = 3',
      'conf/tidings.toml: peer[0].to: expected a text or a list, found 3 (line 3)',
    ],
    [
      'a table for a list of tables',
      '[peer]\nname = "a.b"',
      'conf/tidings.toml: peer: expected [[peer]], found {"name":"a.b"} (line 1)',
    ],
    [
      'an empty path',
      '[node]\ndata = ""',
      'conf/tidings.toml: node.data: expected a text that is not empty, found "" (line 2)',
    ],
    [
      'a path identity',
      '[node]\npath_identity = "news example"',
      'conf/tidings.toml: node.path_identity: expected a path identity such as "news.example.org", found "news example" (line 2)',
    ],
    [
      'a reserved group',
      '[[group]]\nname = "example.test"',
      'conf/tidings.toml: group[0].name: expected a newsgroup name such as "local.test" that is not reserved, found "example.test" (line 2)',
    ],
    [
      'a status',
      '[[group]]\nname = "local.x"\nstatus = "q"',
      'conf/tidings.toml: group[0].status: expected "y", "n", "m", "j", "x" or "=other.group", found "q" (line 3)',
    ],
    [
      'a wildmat',
      '[[access]]\nread = "comp.[a-z]*"',
      'conf/tidings.toml: access[0].read: expected a wildmat such as "comp.*,!comp.binaries.*", found "comp.[a-z]*" (line 2)',
    ],
    [
      'a group twice',
      '[[group]]\nname = "a.b"\n[[group]]\nname = "a.b"',
      'conf/tidings.toml: group[1].name: "a.b" is given twice; take one out (line 4)',
    ],
    [
      'an identity twice',
      '[[peer]]\nname = "a.b"\n[[peer]]\nname = "c.d"\naliases = ["A.B"]',
      'conf/tidings.toml: peer[1].aliases[0]: "a.b" is given twice; take one out (line 5)',
    ],
    [
      'our own identity',
      '[node]\npath_identity = "a.b"\n[[peer]]\nname = "a.b"',
      'conf/tidings.toml: peer[0].name: is this node\'s own path identity, "a.b" (line 4)',
    ],
    [
      'a label that no hierarchy has',
      '[[hierarchy]]\npattern = "a.*"\nlabels = ["adult"]\n[[access]]\ndeny_labels = ["adlt"]',
      'conf/tidings.toml: access[0].deny_labels[0]: no [[hierarchy]] has the label "adlt"; did you mean "adult"? (line 5)',
    ],
    [
      'a hierarchy without a pattern',
      '[[hierarchy]]\nprivate = true',
      'conf/tidings.toml: hierarchy[0].pattern: is missing; add pattern = ... (line 1)',
    ],
    [
      'an account group that is no name',
      '[[access]]\ngroups = ["staff, guests"]',
      'conf/tidings.toml: access[0].groups[0]: expected a name of letters, digits, "-", "_" and ".", found "staff, guests" (line 2)',
    ],
    [
      'an address twice',
      '[listen]\nweb = ["127.0.0.1:1119"]',
      'conf/tidings.toml: listen.web[0]: "127.0.0.1:1119" is given twice; take one out (line 2)',
    ],
    [
      'a control character',
      '[node]\norganization = "a\\nb"',
      'conf/tidings.toml: node.organization: expected text on one line, found "a\\nb" (line 2)',
    ],
  ]
  for (const [name, text, expected] of mistakes)
    it(`names key, value and line of ${name}`, () => expect(errors(text)).to.deep.equal([expected]))

  it('lists every error', () => {
    expect(
      errors('[node]\npath_identity = 3\nx = 1\n[limits]\nheaders = 0\n[[peer]]\nfrom = ["y"]'),
    ).to.have.length(5)
  })

  it('says line and column of a TOML error', () => {
    expect(errors('[node]\ndata = = 1')).to.have.length(1)
    expect(errors('[node]\ndata = = 1')[0]).to.match(/^conf\/tidings.toml: line 2, column 8: ./)
  })

  it('says what to do about a file that is not there', () => {
    const loaded = loadConfig(join(folder, 'none.toml'), {})
    expect(loaded.ok ? [] : loaded.errors).to.deep.equal([
      `${join(folder, 'none.toml')}: there is no such file; name another with --config FILE`,
    ])
  })

  const toCome: readonly [string, string][] = [
    ['[cluster]\nname = "x"', 'conf/tidings.toml: cluster: not in this version; take it out (line 1)'],
    ['[cluster]', 'conf/tidings.toml: cluster: not in this version; take it out (line 1)'],
    [
      '[[hierarchy]]\npattern = "internal.*"\ntext_only = true',
      'conf/tidings.toml: hierarchy[0].text_only: not in this version; take it out or set it to false (line 3)',
    ],
  ]
  for (const [text, expected] of toCome)
    it(`refuses what a later version will do: ${text.split('\n').at(-1)}`, () =>
      expect(errors(text)).to.deep.equal([expected]))

  it('refuses TLS that cannot be', () => {
    expect(errors('[tls]\ncert = "a.pem"\nkey = "b.pem"')).to.deep.equal([
      'conf/tidings.toml: tls.cert: there is no file a.pem (line 2)',
    ])
    expect(errors('[listen]\nnntps = ["[::1]:563"]')).to.deep.equal([
      'conf/tidings.toml: listen.nntps: needs a certificate: set cert and key in [tls] (line 2)',
    ])
    expect(errors('[listen]\nwebs = ["[::1]:443"]')).to.deep.equal([
      'conf/tidings.toml: listen.webs: needs a certificate: set cert and key in [tls] (line 2)',
    ])
    const pair = pemPair()
    writeFileSync(join(folder, 'a.pem'), pair.cert)
    writeFileSync(join(folder, 'b.pem'), pair.key, { mode: 0o644 })
    const tls = '[tls]\ncert = "a.pem"\nkey = "b.pem"\n[listen]\nnntps = ["[::1]:563"]'
    expect(errors(tls)).to.deep.equal([
      'conf/tidings.toml: tls.key: others may read b.pem; run: chmod o-rwx b.pem (line 3)',
    ])
    chmodSync(join(folder, 'b.pem'), 0o600)
    expect(good(tls).config.tls.key).to.equal(join(folder, 'b.pem'))
  })

  it('refuses PROXY headers that nobody reads or may write', () => {
    expect(
      errors('[listen]\nnntp = ["[::1]:119"]\nproxy_protocol = ["[::1]:119", "[::1]:120"]'),
    ).to.deep.equal([
      'conf/tidings.toml: listen.proxy_protocol[1]: "[::1]:120" is no address of listen.nntp or listen.nntps (line 3)',
      'conf/tidings.toml: listen.proxy_protocol: lets nobody in: name the proxy in listen.trusted_proxies (line 3)',
    ])
    const proxied = 'proxy_protocol = ["[::1]:119"]\ntrusted_proxies = ["192.0.2.1"]'
    expect(good(`[listen]\nnntp = ["[::1]:119"]\n${proxied}`).config.listen.proxy_protocol).to.have.length(1)
  })

  it('refuses control messages that nobody proves, and signatures that cannot be verified', () => {
    const rule = (more: string) => `[[control]]\ngroups = "far.*"\n${more}`
    const prefix = 'conf/tidings.toml: '
    expect(errors(rule('action = "apply"'))).to.deep.equal([
      `${prefix}control[0].action: "apply" needs key, whose signature it is to bear; or unsigned = true, in a closed network (line 3)`,
    ])
    expect(errors(rule('action = "apply"\nkey = "a"\nunsigned = true'))).to.deep.equal([
      `${prefix}control[0].unsigned: contradicts key; take one out (line 5)`,
    ])
    expect(errors(rule('action = "log"\nkey = "a"'))).to.deep.equal([
      `${prefix}control[0].key: needs pgp.keyring, a file with the public key (line 4)`,
    ])
    expect(errors(rule('action = "mail"'))).to.deep.equal([
      `${prefix}control[0].action: "mail" needs node.admin, the address that is written to (line 3)`,
    ])
    const pgp = '[pgp]\nkeyring = "no.gpg"\ngpgv = "bin/no"'
    expect(errors(`${rule('action = "log"\nkey = "a"')}\n${pgp}`)).to.deep.equal([
      `${prefix}pgp.keyring: there is no file no.gpg; make it with: gpg --export > no.gpg (line 6)`,
      `${prefix}pgp.gpgv: there is no program bin/no; install the package gpgv, or name it (line 7)`,
    ])
    expect(good(rule('action = "apply"\nunsigned = true')).config.control[0]).to.include({
      type: 'all',
      from: '*',
    })
  })

  it('takes keys of later versions that ask for what this version does', () => {
    good('[tls]\ncert = ""\n[listen]\nnntps = []\nwebs = []')
    good('[[peer]]\nname = "a.b"\nfrom = ["::1"]\ntls = "off"\ncompress = false')
  })

  it('appends arrays of tables of conf.d and merges its tables, in the order of the names', () => {
    writeFileSync(
      join(folder, 'conf/conf.d/20.toml'),
      '[node]\norganization = "B"\n[[peer]]\nname = "c.d"\nfrom = ["::2"]',
    )
    writeFileSync(join(folder, 'conf/conf.d/10.toml'), '[node]\norganization = "A"\nadmin = "a@b.example"')
    writeFileSync(join(folder, 'conf/conf.d/.hidden.toml'), 'broken')
    const { config } = good('[node]\npath_identity = "n.example"\n[[peer]]\nname = "a.b"\nfrom = ["::1"]')
    expect(config.peer.map(peer => peer.name)).to.deep.equal(['a.b', 'c.d'])
    expect(config.node).to.deep.include({
      organization: 'B',
      admin: 'a@b.example',
      path_identity: 'n.example',
    })
  })

  it('names the file of conf.d and the place within it', () => {
    writeFileSync(
      join(folder, 'conf/conf.d/b.toml'),
      '[[peer]]\nname = "c.d"\n\nfrom = ["x"]\n[node]\nadmin = "@"',
    )
    expect(errors('[[peer]]\nname = "a.b"')).to.have.members([
      'conf/conf.d/b.toml: peer[0].from[0]: expected an address or CIDR, found "x" (line 4)',
      'conf/conf.d/b.toml: node.admin: expected a mail address, found "@" (line 6)',
    ])
  })

  it('lets the environment replace single values', () => {
    const { config } = good('[limits]\nheaders = 7\n[listen]\nweb = ["127.0.0.1:1"]', {
      TIDINGS_NODE_PATH_IDENTITY: 'x.example',
      TIDINGS_LIMITS_HEADERS: '9',
      TIDINGS_LISTEN_WEB: '127.0.0.1:0, [::1]:0',
      TIDINGS_LISTEN_ADMIN: '',
      TIDINGS_CONFIG: 'x',
      TIDINGS_TEST_ALL: '1',
      HOME: '/',
    })
    expect(config.limits.headers).to.equal(9)
    expect(config.node.path_identity).to.equal('x.example')
    expect(config.listen).to.deep.include({ web: ['127.0.0.1:0', '[::1]:0'], admin: [] })
  })

  it('names the variable of the environment that is wrong', () => {
    expect(errors('', { TIDINGS_LIMITS_HEADERS: 'x' })).to.deep.equal([
      'TIDINGS_LIMITS_HEADERS: expected a number, found "x"',
    ])
    expect(errors('', { TIDINGS_LISTEN_NNTP: 'x' })).to.deep.equal([
      'TIDINGS_LISTEN_NNTP: [0]: expected host:port such as "127.0.0.1:1119" or "[::1]:1119", found "x"',
    ])
    expect(errors('', { TIDINGS_NODE_DATE: 'x' })).to.deep.equal([
      'TIDINGS_NODE_DATE: unknown key; did you mean TIDINGS_NODE_DATA?',
    ])
    expect(errors('', { TIDINGS_PEER_NAME: 'x' })).to.deep.equal([
      'TIDINGS_PEER_NAME: [[peer]] cannot be set by the environment',
    ])
    expect(good('', { TIDINGS_ELSE: 'x' }).warnings).to.include(
      'TIDINGS_ELSE: names no section of the configuration; it is not used',
    )
  })

  it('refuses a secret that others may read', () => {
    const secret = join(folder, 'secret')
    writeFileSync(secret, 'word\n', { mode: 0o644 })
    chmodSync(secret, 0o644)
    expect(errors('[mail]\npassword_file = "secret"')).to.deep.equal([
      'conf/tidings.toml: mail.password_file: others may read secret; run: chmod 600 secret (line 2)',
    ])
    chmodSync(secret, 0o600)
    expect(good('[mail]\npassword_file = "secret"').config.mail.password_file).to.equal(secret)
    expect(errors('[mail]\npassword_file = "gone"')[0]).to.contain('there is no file')
  })

  it('warns of what works but is probably not meant', () => {
    const { warnings } = good('[[peer]]\nname = "a.b"\nsend = "*"\n[[group]]\nname = "l.m"\nstatus = "m"')
    expect(warnings).to.have.length(5)
  })

  it('warns of access rules that nobody matches, and of no others', () => {
    const rules = [
      'users = ""\ngroups = ["staff"]',
      'from = []',
      'users = "!ann,!b*"',
      'users = ""',
      'users = "!ann,?*"',
    ]
    const { warnings } = good(rules.map(rule => `[[access]]\n${rule}\n`).join(''))
    const said = warnings.filter(text => text.includes('nobody;'))
    expect(said.map(text => text.slice(0, 9))).to.deep.equal(['access[0]', 'access[1]', 'access[2]'])
    expect(said[0]).to.contain('leave users out, or groups')
  })

  it('warns of letters whose links lead nowhere for those who get them', () => {
    const about = (web: string) =>
      good(`[mail]\nsmtp = "smtp://localhost"\nfrom = "a@example.org"\n${web}`).warnings.filter(text =>
        text.includes('base_url'),
      ).length
    expect(about('[listen]\nweb = ["0.0.0.0:8119"]')).to.equal(1)
    expect(about('[listen]\nweb = ["0.0.0.0:8119"]\n[web]\nbase_url = "https://news.example/"')).to.equal(0)
    expect(about('[listen]\nweb = ["0.0.0.0:8119"]\n[web]\nregistration = "closed"')).to.equal(0)
    expect(about('')).to.equal(0)
  })

  it('wants the sender of mails where there is a mail server', () => {
    expect(errors('[mail]\nsmtp = "smtp://localhost"')[0]).to.contain('mail.from: is needed with mail.smtp')
    expect(good('[mail]\nfrom = "a@example.org"').warnings.filter(text => text.includes('mail'))).to.be.empty
  })

  it('knows no key that only JavaScript knows', () => {
    for (const key of ['__proto__', 'constructor', 'toString'])
      for (const head of ['', '[node]\n', '[[peer]]\nname = "a.b"\n'])
        expect(errors(`${head}${key} = 1`), key).to.have.length(1)
  })

  it('survives any text', () => {
    const part = fc.constantFrom(
      '[node]',
      '[[peer]]',
      'data',
      'name',
      '=',
      '"a"',
      '"""',
      '[',
      ']',
      '{',
      '\n',
      ' ',
      '#',
      '__proto__',
      '1',
    )
    fc.assert(
      fc.property(fc.array(part, { maxLength: 30 }), parts => {
        const loaded = load(parts.join(''))
        return loaded.ok || loaded.errors.length > 0
      }),
    )
  })

  it('finds the line of each key, whatever stands around it', () => {
    const key = fc.constantFrom(
      '[node]\n',
      '# [x]\n',
      '[limits]\nheaders = [1,\n"]",\n2]\n',
      '[web]\ntitle = """\n[node]\ndta = 1\n"""\n',
    )
    fc.assert(
      fc.property(fc.uniqueArray(key), before => {
        const head = before.filter(text => text !== '[node]\n').join('')
        const line = head.split('\n').length + 1
        const found = errors(`${head}[node]\nx.y = 1`).find(error => error.includes('node.x:'))
        return found?.endsWith(`(line ${line})`) === true
      }),
    )
  })

  it('reads a file with lines that end in CRLF', () => {
    expect(good('[node]\r\ndata = "x"\r\n').config.node.data).to.equal(join(folder, 'x'))
    expect(errors('[node]\r\n\r\ndta = "x"\r\n')[0]).to.match(/\(line 3\)$/)
  })

  it('is the sample configuration, without a warning', () => {
    const sample = new URL('../../../conf/tidings.toml', import.meta.url).pathname
    const { config, warnings } = good(readFileSync(sample, 'utf8'))
    expect(warnings).to.deep.equal([])
    expect(config.group.map(group => group.status)).to.include('m')
  })
})
