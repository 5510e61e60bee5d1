#!/usr/bin/env node
// The launcher: sets what must be set before Node's thread pool starts, then runs the program.
'use strict'
const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(
    `tidings needs Node.js 20.19 or later; this is ${process.version}. Install a newer Node.js and try again.`,
  )
  process.exit(69)
}
process.env.UV_THREADPOOL_SIZE ??= '8'
import('../dist/src/cli/tidings.js').catch(error => {
  console.error(error)
  console.error('If the program was never built, run "npm run build" first.')
  process.exit(70)
})
