/** `bin/setup.cjs` over a project of three files, whose compiler waits half way until the test lets it go on. */
import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { expect } from 'chai'
import { temporaryDirectory } from './support/temporary-directory.ts'

// Compiled tests stand in dist/test.
const setup = join(import.meta.dirname, '../../bin/setup.cjs')

const compiler = `
const { mkdirSync, writeFileSync, readFileSync } = require('node:fs')
const { join } = require('node:path')
const named = process.argv.indexOf('--outDir')
const out = named < 0 ? 'dist' : process.argv[named + 1]
mkdirSync(join(out, 'src'), { recursive: true })
writeFileSync(join(out, 'src/first.js'), readFileSync('src/text.ts'))
const socket = require('node:net').connect('gate')
socket.on('error', () => process.exit(1))
socket.on('end', () => {
  writeFileSync(join(out, 'src/last.js'), readFileSync('src/text.ts'))
  process.exit(0)
})
socket.resume()
`

class Project implements AsyncDisposable {
  readonly #folder: Awaited<ReturnType<typeof temporaryDirectory>>
  readonly #gate: Server
  readonly #started: ChildProcess[] = []

  private constructor(folder: Awaited<ReturnType<typeof temporaryDirectory>>, gate: Server) {
    this.#folder = folder
    this.#gate = gate
  }

  static async make(): Promise<Project> {
    const folder = await temporaryDirectory()
    const project = new Project(folder, createServer())
    for (const name of ['bin', 'src', 'node_modules/typescript/bin'])
      await mkdir(join(folder.path, name), { recursive: true })
    await copyFile(setup, join(folder.path, 'bin/setup.cjs'))
    const hash = createHash('sha256').update(process.version)
    await project.write(
      'node_modules/.tidings-installed',
      hash.update('package-lock.json\0{}\0').digest('hex'),
    )
    await project.write('package-lock.json', '{}')
    await project.write('tsconfig.json', '{}')
    await project.write('bin/build-web.cjs', '')
    await project.write('node_modules/typescript/bin/tsc', compiler)
    project.#gate.listen(join(folder.path, 'gate'))
    await once(project.#gate, 'listening')
    return project
  }

  write(name: string, text: string): Promise<void> {
    return writeFile(join(this.#folder.path, name), text)
  }

  /** What the two files of the program say. */
  async built(): Promise<string[]> {
    const read = (name: string) => readFile(join(this.#folder.path, 'dist/src', name), 'utf8').catch(() => '')
    return Promise.all(['first.js', 'last.js'].map(read))
  }

  async folders(): Promise<string[]> {
    return (await readdir(this.#folder.path)).filter(name => name.startsWith('dist')).sort()
  }

  /** Resolves when its compiler is half way. */
  async begin(): Promise<{ readonly run: ChildProcess; readonly compiling: Socket }> {
    const run = spawn(process.execPath, ['bin/setup.cjs'], { cwd: this.#folder.path, stdio: 'ignore' })
    this.#started.push(run)
    const [compiling] = await once(this.#gate, 'connection')
    return { run, compiling }
  }

  async whole(): Promise<void> {
    expect(await finished(await this.begin())).to.equal(0)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const run of this.#started) run.kill('SIGKILL')
    this.#gate.close()
    await this.#folder[Symbol.asyncDispose]()
  }
}

async function finished({ run, compiling }: Awaited<ReturnType<Project['begin']>>): Promise<unknown> {
  const exit = once(run, 'exit')
  compiling.end()
  const [code] = await exit
  return code
}

describe('set-up', function () {
  this.timeout(20_000)

  it('leaves the program before where it is until the new one is whole', async () => {
    await using project = await Project.make()
    await project.write('src/text.ts', 'old')
    await project.whole()
    await project.write('src/text.ts', 'new')
    const second = await project.begin()
    expect(await project.built()).to.deep.equal(['old', 'old'])
    expect(await finished(second)).to.equal(0)
    expect(await project.built()).to.deep.equal(['new', 'new'])
    expect(await project.folders()).to.deep.equal(['dist'])
  })

  it('may run twice at once', async () => {
    await using project = await Project.make()
    await project.write('src/text.ts', 'text')
    const one = await project.begin()
    const other = await project.begin()
    expect(await Promise.all([finished(one), finished(other)])).to.deep.equal([0, 0])
    expect(await project.built()).to.deep.equal(['text', 'text'])
    expect(await project.folders()).to.deep.equal(['dist'])
  })

  it('that is killed half way leaves the program before, and the next one clears up', async () => {
    await using project = await Project.make()
    await project.write('src/text.ts', 'old')
    await project.whole()
    await project.write('src/text.ts', 'new')
    const { run, compiling } = await project.begin()
    const exit = once(run, 'exit')
    run.kill('SIGKILL')
    await exit
    const compilerGone = once(compiling, 'close')
    compiling.destroy()
    await compilerGone
    expect(await project.built()).to.deep.equal(['old', 'old'])
    expect(await project.folders()).to.have.length(2)
    await project.whole()
    expect(await project.built()).to.deep.equal(['new', 'new'])
  })
})
