// Set-up for "npm start" and "npm test": installs the locked dependencies and compiles, each only when out of date.
'use strict'
const { execFileSync } = require('node:child_process')
const { createHash } = require('node:crypto')
const { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } = require('node:fs')
const { join } = require('node:path')

const root = join(__dirname, '..')
const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(
    `tidings needs Node.js 20.19 or later; this is ${process.version}. Install a newer Node.js and try again.`,
  )
  process.exit(69)
}

function filesBelow(path) {
  const full = join(root, path)
  if (!existsSync(full)) return []
  return readdirSync(full, { withFileTypes: true })
    .flatMap(entry => (entry.isDirectory() ? filesBelow(join(path, entry.name)) : [join(path, entry.name)]))
    .sort()
}

function fingerprint(paths) {
  const hash = createHash('sha256').update(process.version)
  for (const path of paths)
    hash
      .update(path)
      .update('\0')
      .update(readFileSync(join(root, path)))
      .update('\0')
  return hash.digest('hex')
}

/** Runs `make` unless the inputs are those of its last success, whose fingerprint lies in `stamp`. */
function unlessCurrent(stamp, inputs, make) {
  const wanted = fingerprint(inputs)
  const path = join(root, stamp)
  if (existsSync(path) && readFileSync(path, 'utf8') === wanted) return
  make()
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, wanted)
}

const run = (file, args) =>
  execFileSync(file, args, { cwd: root, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' })

try {
  unlessCurrent('node_modules/.tidings-installed', ['package-lock.json'], () => {
    console.error('Installing dependencies ...')
    run('npm', ['ci', '--ignore-scripts', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'])
  })
  const sources = ['src', 'test', 'bench'].flatMap(filesBelow)
  unlessCurrent(
    'dist/.built',
    ['tsconfig.json', 'package-lock.json', 'bin/setup.cjs', 'bin/build-web.cjs', ...sources],
    () => {
      console.error('Compiling ...')
      rmSync(join(root, 'dist'), { recursive: true, force: true })
      run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc')])
      const web = join(root, 'bin/build-web.cjs')
      if (existsSync(web)) run(process.execPath, [web])
    },
  )
} catch (error) {
  console.error(`Set-up failed: ${error.message}`)
  process.exit(70)
}
