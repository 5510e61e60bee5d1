import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { prepareControlPath } from '../../../src/server/control/control-place.ts'

describe('place of the control socket', () => {
  let folder = ''
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tidings-place-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  const path = () => join(folder, 'run', 'control.sock')
  const refusal = () =>
    prepareControlPath(path()).then(
      () => 'accepted',
      (error: Error) => error.message.replaceAll(`${folder}/`, ''),
    )
  function listen(at: string): Promise<Server> {
    const server = createServer()
    return new Promise(resolve => server.listen(at, () => resolve(server)))
  }
  const close = (server: Server) => new Promise(resolve => server.close(resolve))

  it('is a folder for us alone', async () => {
    expect(await refusal()).to.equal('accepted')
    expect(lstatSync(join(folder, 'run')).mode & 0o777).to.equal(0o700)
  })

  it('may be a folder that a service manager made, if nothing else lies there', async () => {
    mkdirSync(join(folder, 'run'))
    chmodSync(join(folder, 'run'), 0o755)
    expect(await refusal()).to.equal('accepted')
    expect(lstatSync(join(folder, 'run')).mode & 0o777).to.equal(0o700)
  })

  it('is no folder that others use', async () => {
    mkdirSync(join(folder, 'run'))
    chmodSync(join(folder, 'run'), 0o755)
    writeFileSync(join(folder, 'run', 'other'), '')
    expect(await refusal()).to.equal(
      'run is open to other users; run: chmod 700 run, or set listen.control to another folder',
    )
  })

  it('never costs a file that lies there', async () => {
    mkdirSync(join(folder, 'run'), { mode: 0o700 })
    writeFileSync(path(), 'precious')
    expect(await refusal()).to.contain('run/control.sock exists and is no socket')
    rmSync(path())
    symlinkSync(join(folder, 'elsewhere'), path())
    expect(await refusal()).to.contain('run/control.sock exists and is no socket')
    rmSync(path())
    mkdirSync(path())
    expect(await refusal()).to.contain('run/control.sock exists and is no socket')
    expect(existsSync(path())).to.equal(true)
  })

  it('is not taken from a node that runs', async () => {
    mkdirSync(join(folder, 'run'), { mode: 0o700 })
    const server = await listen(path())
    expect(await refusal()).to.equal(
      'a node answers on run/control.sock already; stop it with "tidings stop"',
    )
    await close(server)
  })

  it('may hold the socket of a node that died', async () => {
    mkdirSync(join(folder, 'run'), { mode: 0o700 })
    // libuv unlinks the path it listened on: another name for the same socket stays behind, and nobody answers.
    const server = await listen(join(folder, 'run', 's'))
    const { linkSync } = await import('node:fs')
    linkSync(join(folder, 'run', 's'), path())
    await close(server)
    expect(lstatSync(path()).isSocket()).to.equal(true)
    expect(await refusal()).to.equal('accepted')
  })

  it('has a name that fits into a socket address', async () => {
    const long = join(folder, 'x'.repeat(120))
    const error = await prepareControlPath(long).catch((failure: Error) => failure.message)
    expect(error).to.contain('at most 103 octets; set listen.control to a shorter one')
  })
})
