import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'

const launcher = fileURLToPath(new URL('../../../bin/tidings.cjs', import.meta.url))

describe('tidings process', () => {
  function run(words: string[]) {
    const child = spawn(process.execPath, [launcher, ...words], { stdio: ['ignore', 'pipe', 'pipe'] })
    const out: Buffer[] = []
    const err: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk))
    const ended = new Promise<{ code: number | null; out: string; err: string }>(resolve =>
      child.on('close', code =>
        resolve({ code, out: Buffer.concat(out).toString(), err: Buffer.concat(err).toString() }),
      ),
    )
    return { child, ended }
  }

  it('prints all of a long output before it ends', async () => {
    const { code, out } = await run(['config', 'schema']).ended
    expect(code).to.equal(0)
    expect(JSON.parse(out)).to.have.nested.property('properties.peer')
  })

  it('ends with the code of its table, and says why on standard error', async () => {
    const { code, out, err } = await run(['config', 'check', '--config', '/nowhere.toml']).ended
    expect({ code, out }).to.deep.equal({ code: 78, out: '' })
    expect(err).to.contain('there is no such file')
  })

  it('takes no harm where nobody reads its output', async () => {
    const { child, ended } = run(['config', 'schema'])
    child.stdout.destroy()
    expect(await ended).to.include({ code: 0, err: '' })
  })
})
