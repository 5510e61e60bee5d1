/** Newsreaders and other clients, run to their end, and the articles they are given to read. */
import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect } from 'chai'
import type { NodeProcess } from './node-process.ts'

/** A file beside the source of the interop tests. */
export const scriptPath = (name: string): string =>
  fileURLToPath(new URL(`../../../test/interop/${name}`, import.meta.url))

/** Standard output of a client; rejects with all it said where it fails or takes more than half a minute. */
export async function runClient(node: NodeProcess, words: readonly [string, ...string[]]): Promise<string> {
  const [command, ...rest] = words
  const env = { ...process.env, HOME: node.home, LC_ALL: 'C.UTF-8', TERM: 'screen', NO_COLOR: '1' }
  const { stdout } = await promisify(execFile)(command, rest, { env, cwd: node.home, timeout: 90_000 })
  return stdout
}

/** A command that edits as a user does: it writes three lines at the end of the file it is given last. */
export async function editor(node: NodeProcess): Promise<string> {
  const path = join(node.home, 'editor')
  const text = '.begins with a dot\\n.\\nIt is the end.\\n'
  // The later time tells a newsreader that looks at whole seconds of the change.
  const script = `#!/bin/sh\nfor file; do :; done\nprintf '${text}' >> "$file"\ntouch -d '+1 minute' "$file"\n`
  await writeFile(path, script, { mode: 0o755 })
  return path
}

/** Two articles: one with octets beyond ASCII and lines that begin with dots, and a crossposted answer to it. */
export async function postThread(node: NodeProcess): Promise<void> {
  for (const text of [first, second]) expect(await node.post(text)).to.match(/^240 /)
}

export const firstBody = ['Grüße aus dem Norden.', '.', '..two dots', '', 'End of the first.']

const first = `From: =?UTF-8?Q?Ann_=C3=85berg?= <ann@example.org>
Newsgroups: local.test
Subject: =?UTF-8?Q?Gr=C3=BC=C3=9Fe?=
Date: Thu, 01 Oct 2020 10:00:00 +0000
Message-ID: <first@interop.example>
MIME-Version: 1.0
Content-Type: text/plain; charset=UTF-8
Content-Transfer-Encoding: 8bit

${firstBody.join('\n')}
`

const second = `From: Bob <bob@example.org>
Newsgroups: local.test,local.other
Subject: Re: =?UTF-8?Q?Gr=C3=BC=C3=9Fe?=
Date: Thu, 01 Oct 2020 11:00:00 +0000
Message-ID: <second@interop.example>
References: <first@interop.example>

> End of the first.

Danke.
`
