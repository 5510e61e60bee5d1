import { spawnSync } from 'node:child_process'
import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { temporaryDirectory } from '../support/temporary-directory.ts'
import { type Mutant, mutants } from './mutants.ts'

const project = fileURLToPath(new URL('../../..', import.meta.url))

/** From the quickest to the slowest: the first that fails has noticed. */
const tests: readonly { readonly spec: readonly string[]; readonly env: Record<string, string> }[] = [
  { spec: ['dist/test/durability/crash.test.js'], env: { TIDINGS_CRASHES: '400' } },
  { spec: ['dist/test/storage/**/*.test.js'], env: {} },
  { spec: ['dist/test/durability/kill.test.js'], env: { TIDINGS_KILLS: '6' } },
]
const slow: Record<NonNullable<Mutant['seenBy']>, (typeof tests)[number]> = {
  power: { spec: ['dist/test/nightly/power.test.js'], env: { TIDINGS_POWER_CUTS: '20' } },
  faults: { spec: ['dist/test/nightly/faults.test.js'], env: { TIDINGS_FAULTS: '120' } },
}

const pattern = (text: string) =>
  new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/\s+/g, '\\s+'), 'g')

/** A copy of the compiled project with one guard taken out. */
async function mutated(home: string, { file, from, to }: Mutant): Promise<void> {
  await cp(join(project, 'dist'), join(home, 'dist'), { recursive: true })
  // A link to the launcher would start the program beside it.
  await cp(join(project, 'bin'), join(home, 'bin'), { recursive: true })
  for (const shared of ['node_modules', 'package.json', 'conf', 'docs', 'src', 'test'])
    await symlink(join(project, shared), join(home, shared))
  await mkdir(join(home, 'run'))
  const path = join(home, 'dist', 'src', file)
  const code = await readFile(path, 'utf8')
  expect(code.match(pattern(from)) ?? [], `${file}: ${from}`).to.have.length(1)
  await writeFile(
    path,
    code.replace(pattern(from), () => to),
  )
}

function fails(home: string, { spec, env }: (typeof tests)[number]): boolean {
  const mocha = join(project, 'node_modules/mocha/bin/mocha.js')
  const words = [mocha, '--no-config', '--exit', '--bail', '--timeout', '20000', ...spec]
  const options = { cwd: home, env: { ...process.env, ...env }, timeout: 300_000 }
  return spawnSync(process.execPath, words, options).status !== 0
}

describe('the tests of durability', () => {
  it('pass where nothing is taken out', async function () {
    this.timeout(900_000)
    await using home = await temporaryDirectory()
    const guard = 'static async open('
    await mutated(home.path, { what: '', file: 'storage/journal/journal.js', from: guard, to: guard })
    expect(tests.filter(each => fails(home.path, each))).to.deep.equal([])
  })

  for (const mutant of mutants)
    it(`notice that ${mutant.what}`, async function () {
      this.timeout(900_000)
      await using home = await temporaryDirectory()
      await mutated(home.path, mutant)
      const suitable = mutant.seenBy === undefined ? tests : [slow[mutant.seenBy]]
      const noticed = suitable.find(each => fails(home.path, each))
      expect(noticed?.spec, 'nothing failed').to.not.equal(undefined)
      console.log(`      ${noticed?.spec.join()}`)
    })
})
