// Set-up for "npm start" and "npm test": installs the locked dependencies and compiles, each only when out of date. What
// is compiled takes its place in one go, so a program that is started meanwhile finds the one before.
'use strict'
const { execFileSync } = require('node:child_process')
const { createHash } = require('node:crypto')
const {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} = require('node:fs')
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

/** Runs `make` unless the inputs are those whose fingerprint lies in `stamp`; `make` gets it. */
function unlessCurrent(stamp, inputs, make) {
  const wanted = fingerprint(inputs)
  const path = join(root, stamp)
  if (!existsSync(path) || readFileSync(path, 'utf8') !== wanted) make(wanted)
}

const remove = path => rmSync(path, { recursive: true, force: true, maxRetries: 3 })

/** The folder of this process beside `dist`; another set-up that runs has its own. */
const fresh = join(root, `dist.${process.pid}`)

function isRunning(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code !== 'ESRCH'
  }
}

/** What set-ups left that were killed. */
function sweep() {
  for (const name of readdirSync(root)) {
    const pid = /^dist\.(\d+)(\.old)?$/.exec(name)?.[1]
    if (pid === undefined || isRunning(Number(pid))) continue
    try {
      remove(join(root, name))
    } catch {
      // Its compiler may write there still: the next set-up removes it.
    }
  }
}

/** Puts `fresh` in the place of `dist`. Where two do so at once the last one stays. */
function exchange() {
  const place = join(root, 'dist')
  const old = `${fresh}.old`
  for (let tries = 1; ; tries++) {
    remove(old)
    try {
      renameSync(place, old)
    } catch (error) {
      if (error.code !== 'ENOENT') throw error
    }
    try {
      renameSync(fresh, place)
      return remove(old)
    } catch (error) {
      const isTaken = ['ENOTEMPTY', 'EEXIST', 'EPERM'].includes(error.code) && existsSync(place)
      if (isTaken && tries < 20) continue
      if (!isTaken && existsSync(old)) renameSync(old, place)
      throw error
    }
  }
}

/** `stamp` goes with it: what has one is whole. */
function compile(stamp) {
  sweep()
  try {
    run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '--outDir', fresh])
    const web = join(root, 'bin/build-web.cjs')
    if (existsSync(web)) run(process.execPath, [web, fresh])
    writeFileSync(join(fresh, '.built'), stamp)
    exchange()
  } finally {
    remove(fresh)
  }
}

const run = (file, args) =>
  execFileSync(file, args, { cwd: root, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' })

try {
  unlessCurrent('node_modules/.tidings-installed', ['package-lock.json'], stamp => {
    console.error('Installing dependencies ...')
    run('npm', ['ci', '--ignore-scripts', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'])
    mkdirSync(join(root, 'node_modules'), { recursive: true })
    writeFileSync(join(root, 'node_modules/.tidings-installed'), stamp)
  })
  const sources = ['src', 'test', 'bench'].flatMap(filesBelow)
  unlessCurrent(
    'dist/.built',
    ['tsconfig.json', 'package-lock.json', 'bin/setup.cjs', 'bin/build-web.cjs', ...sources],
    stamp => {
      console.error('Compiling ...')
      compile(stamp)
    },
  )
} catch (error) {
  console.error(`Set-up failed: ${error.message}`)
  process.exit(70)
}
