import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { CliContext } from '../../src/cli/context.ts'
import { createProgram, runProgram } from '../../src/cli/program.ts'
import { FakeProcess } from './fake-process.ts'

describe('tidings program', () => {
  async function run(words: string[], env: Record<string, string> = {}) {
    const around = new FakeProcess({ env })
    const code = await runProgram(words, around)
    return { code, out: around.stdout.text, err: around.stderr.text }
  }

  it('shows help and version', async () => {
    const help = await run(['--help'])
    expect(help).to.include({ code: 0, err: '' })
    expect(help.out).to.contain('Usage: tidings').and.contain('status')
    expect(await run(['--version'])).to.deep.equal({ code: 0, out: '1.2.3\n', err: '' })
  })

  it('shows help of each command, with the global options', async () => {
    const program = createProgram(new CliContext(new FakeProcess()))
    const lines = program.commands.flatMap(command =>
      command.commands.length === 0
        ? [[command.name()]]
        : command.commands.map(each => [command.name(), each.name()]),
    )
    expect(lines.length).to.be.greaterThan(20)
    for (const line of lines) {
      const { code, out } = await run([...line, '--help'])
      expect(code, line.join(' ')).to.equal(0)
      expect(out).to.contain('--config <FILE>')
    }
  })

  it('ends with 64 where the command line is wrong', async () => {
    expect(await run(['stauts'])).to.include({ code: 64, out: '' })
    expect((await run(['stauts'])).err).to.contain('Did you mean status?')
    expect((await run(['group', 'ad'])).err).to.contain('Did you mean add?')
    for (const words of [
      [],
      ['group'],
      ['group', 'add'],
      ['status', '--loud'],
      ['status', 'x'],
      ['import'],
      ['--config'],
    ])
      expect((await run(words)).code, words.join(' ')).to.equal(64)
    expect((await run(['import', '--format', 'tar', 'x'])).err).to.contain('Allowed choices are auto, mbox')
  })

  it('ends with 78 where the configuration is missing', async () => {
    expect(await run(['status', '--config', '/nowhere.toml'])).to.deep.equal({
      code: 78,
      out: '',
      err: 'tidings: /nowhere.toml: there is no such file; name another with --config FILE\n',
    })
    expect((await run(['status'], { TIDINGS_CONFIG: '/nowhere.toml' })).code).to.equal(78)
  })

  it('shows control characters of the command line instead of sending them', async () => {
    for (const words of [
      ['a\x1b[2J'],
      ['status', '--config', '/\x1b]0;x\x07'],
      ['config', 'explain', '\x1b[1m'],
    ])
      expect((await run(words)).err).to.not.match(/[\x00-\x09\x0b-\x1f]/)
  })

  it('has no command that docs/operations.md leaves out', () => {
    const text = readFileSync(new URL('../../../docs/operations.md', import.meta.url), 'utf8')
    for (const command of createProgram(new CliContext(new FakeProcess())).commands)
      if (!command.description().startsWith('display help') && command.description() !== '')
        expect(text).to.contain(`tidings ${command.name()}`)
  })
})
