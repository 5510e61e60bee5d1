/** A node in a process of its own on a free port, for clients that speak to it over TCP. */
import { writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { expect } from 'chai'
import { Program } from './program.ts'
import { RawClient } from './raw-client.ts'
import { temporaryDirectory } from './temporary-directory.ts'

const settings = `
  node = { path_identity = "node.example", data = "data" }
  listen = { nntp = ["127.0.0.1:0"], web = [], admin = [], control = "run/control.sock" }
  group = [
    { name = "local.test", description = "Tests" },
    { name = "local.other", description = "Other" },
    { name = "local.closed", status = "n" },
  ]
  access = [{ read = "*", post = "*" }]
  history = { cutoff_days = 0 }
`

export interface NodeProcess extends AsyncDisposable {
  readonly port: number
  /** Empty at first; for the files of its clients. */
  readonly home: string
  /** Sends an article that is readable lines, and gives the first line of the answer. */
  post(text: string): Promise<string>
  /** One command line of the program beside it; rejects where it fails. */
  run(words: readonly string[], input: string): Promise<void>
  /** Sends the commands, one line to answer each but the last, whose first line and lines are given. */
  ask(...commands: readonly string[]): Promise<{ readonly line: string; readonly block: readonly string[] }>
}

/** `more` is TOML behind the usual settings. Ends, at the end of its `await using`, as SIGTERM ends it; rejects where that is not clean. */
export async function nodeProcess(more = ''): Promise<NodeProcess> {
  const directory = await temporaryDirectory()
  const file = join(directory.path, 'tidings.toml')
  await writeFile(file, settings + more)
  const program = new Program(['--config', file, 'start'])
  const home = await temporaryDirectory()
  const [, found] = await program.shows(/port (\d+);[\s\S]*Ctrl-C stops it/)
  const port = Number(found)
  return {
    port,
    home: home.path,
    post: text => post(port, text),
    run: async (words, input) => {
      await using beside = new Program(['--config', file, ...words], { input })
      expect(await beside.ended, beside.err).to.equal(0)
    },
    ask: (...commands) => ask(port, commands),
    [Symbol.asyncDispose]: async () => {
      program.signal('SIGTERM')
      const code = await program.ended
      await directory[Symbol.asyncDispose]()
      await home[Symbol.asyncDispose]()
      expect(code, program.err).to.equal(0)
    },
  }
}

async function opened(port: number): Promise<RawClient> {
  const client = new RawClient(connect(port, '127.0.0.1'))
  await client.line()
  return client
}

async function post(port: number, text: string): Promise<string> {
  const client = await opened(port)
  client.send('POST\r\n')
  await client.line()
  client.send(`${text.replace(/^\./gm, '..').replaceAll('\n', '\r\n')}.\r\nQUIT\r\n`)
  const answer = await client.line()
  await client.rest()
  return answer
}

async function ask(port: number, commands: readonly string[]) {
  const client = await opened(port)
  let line = ''
  for (const command of commands) {
    client.send(`${command}\r\n`)
    line = await client.line()
  }
  const block = /^(?:215|22[0-5]) /.test(line) ? await client.block() : []
  client.send('QUIT\r\n')
  await client.rest()
  return { line, block }
}
