import { X509Certificate } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { runProgram } from '../../src/cli/program.ts'
import { loadConfig } from '../../src/config/file.ts'
import { readKeyPair } from '../../src/tls/key-pair.ts'
import { certificateFile } from '../support/certificate-files.ts'
import { type TemporaryDirectory, temporaryDirectory } from '../support/temporary-directory.ts'
import { FakeProcess } from './fake-process.ts'

describe('tidings init', () => {
  let folder: TemporaryDirectory
  let env: Record<string, string>
  beforeEach(async () => {
    env = {}
    folder = await temporaryDirectory()
  })
  afterEach(() => folder[Symbol.asyncDispose]())

  async function init(...words: readonly string[]) {
    const around = new FakeProcess({ env })
    const code = await runProgram(['init', ...words], around)
    return { code, out: around.stdout.text, err: around.stderr.text }
  }
  const configOf = (dir: string) => {
    const loaded = loadConfig(join(dir, 'conf/tidings.toml'), {})
    if (!loaded.ok) throw new Error(loaded.errors.join('\n'))
    return loaded.config
  }

  it('makes a folder whose configuration is good and keeps everything inside', async () => {
    const dir = join(folder.path, 'a node')
    const { code, out, err } = await init('news.example.org', '--dir', dir)
    expect({ code, err }).to.deep.equal({ code: 0, err: '' })
    expect(out).to.contain(`tidings start --config '${dir}/conf/tidings.toml'\n`)
    const { node, listen, tls, moderator } = configOf(dir)
    expect(node).to.include({ path_identity: 'news.example.org', admin: 'usenet@news.example.org' })
    expect(moderator.map(({ address }) => address)).to.deep.equal(['usenet@news.example.org'])
    expect(node.data).to.equal(join(dir, 'data'))
    expect(readdirSync(join(dir, 'conf/conf.d'))).to.deep.equal([])
    expect(listen.control).to.equal(join(dir, 'run/control.sock'))
    expect(tls.key).to.equal(join(dir, 'secrets/tls.key'))
    expect(statSync(tls.key).mode & 0o077).to.equal(0)
    expect(new X509Certificate(readKeyPair(tls)?.cert ?? '').checkHost('news.example.org')).to.equal(
      'news.example.org',
    )
    // Every key stays explained.
    expect(readFileSync(join(dir, 'conf/tidings.toml'), 'utf8')).to.contain('# Folder of the store.')
  })

  it('names the program as a clone calls it', async () => {
    env = { npm_lifecycle_event: 'npx' }
    const { out } = await init('news.example.org', '--dir', folder.path)
    expect(out).to.contain(`  npx tidings start --config ${folder.path}/conf/tidings.toml\n`)
  })

  it('writes a unit that runs this program there, hardened', async () => {
    const dir = join(folder.path, '50% "off"')
    const priced = join(folder.path, '$HOME')
    await init('news.example.org', '--dir', priced)
    const text = readFileSync(join(priced, 'tidings.service'), 'utf8')
    expect(text).to.contain(`--config "${folder.path}/$$HOME/conf/tidings.toml"\n`)
    expect(text).to.contain(`ReadWritePaths="${priced}"\n`)
    await init('news.example.org', '--dir', dir)
    const unit = readFileSync(join(dir, 'tidings.service'), 'utf8').split('\n')
    const there = `${folder.path}/50%% \\"off\\"`
    expect(unit).to.include.members([`ReadWritePaths="${there}"`, 'NoNewPrivileges=yes', '[Install]'])
    const [start, ...more] = unit.filter(line => line.startsWith('ExecStart='))
    expect(more).to.deep.equal([])
    expect(start).to.match(/^ExecStart=\S*node \S+ \S*bin\/tidings\.cjs start --config /)
    expect(start?.endsWith(`"${there}/conf/tidings.toml"`)).to.equal(true)
    expect(unit.filter(line => /^(?:StateDirectory|LoadCredential|Group)/.test(line))).to.deep.equal([])
  })

  it('takes a certificate that fits its key', async () => {
    const pem = certificateFile('ours')
    const [cert, key] = [join(folder.path, 'cert.pem'), join(folder.path, 'key.pem')]
    writeFileSync(cert, pem.cert)
    writeFileSync(key, pem.key, { mode: 0o600 })
    const dir = join(folder.path, 'node')
    expect((await init('a.example', '--dir', dir, '--cert', cert, '--key', key)).code).to.equal(0)
    expect(configOf(dir).tls).to.include({ cert, key })
    expect(existsSync(join(dir, 'secrets'))).to.equal(false)
  })

  const wrong: readonly (readonly [string, readonly string[], string])[] = [
    ['a name with blanks', ['two words'], 'expected a path identity'],
    ['no mail address', ['a.example', '--admin', 'a@b@c'], '--admin a@b@c: expected a mail address'],
    ['a certificate alone', ['a.example', '--cert', 'x'], '--cert and --key go together'],
    ['a certificate that is not there', ['a.example', '--cert', 'x', '--key', 'y'], '--cert: '],
  ]
  for (const [title, words, expected] of wrong)
    it(`refuses ${title}, and writes nothing`, async () => {
      const dir = join(folder.path, 'node')
      const { code, err } = await init(...words, '--dir', dir)
      expect(code).to.equal(64)
      expect(err).to.contain(expected)
      expect(existsSync(dir)).to.equal(false)
    })

  it('leaves what is there as it is', async () => {
    await init('a.example', '--dir', folder.path)
    const file = join(folder.path, 'conf/tidings.toml')
    writeFileSync(file, 'mine')
    expect(await init('b.example', '--dir', folder.path)).to.include({
      code: 73,
      err: `tidings: ${file} exists; it is left as it is\n`,
    })
    expect(readFileSync(file, 'utf8')).to.equal('mine')
    const { code, err } = await init('b.example', '--dir', join(file, 'below'))
    expect(code).to.equal(73)
    expect(err).to.contain('cannot write ')
  })

  it('leaves nothing half written, so that it can be tried again', async () => {
    const dir = join(folder.path, 'node')
    mkdirSync(dir)
    // Where the key belongs, behind the configuration and the unit.
    writeFileSync(join(dir, 'secrets'), 'a file')
    expect((await init('a.example', '--dir', dir)).code).to.equal(73)
    expect(readdirSync(join(dir, 'conf'))).to.deep.equal([])
    expect(readdirSync(dir).sort()).to.deep.equal(['conf', 'secrets'])
    rmSync(join(dir, 'secrets'))
    expect((await init('a.example', '--dir', dir)).code).to.equal(0)
  })

  it('writes through no link', async () => {
    const [dir, elsewhere] = [join(folder.path, 'node'), join(folder.path, 'elsewhere')]
    mkdirSync(dir)
    symlinkSync(elsewhere, join(dir, 'tidings.service'))
    expect((await init('a.example', '--dir', dir)).code).to.equal(73)
    expect(existsSync(elsewhere)).to.equal(false)
    expect(readlinkSync(join(dir, 'tidings.service'))).to.equal(elsewhere)
  })
})
