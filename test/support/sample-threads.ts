/** Articles with everything pages have to show: threads, quotes, spoilers, files, other scripts, long words. */
import { expect } from 'chai'
import type { RawClient } from './raw-client.ts'

const long = Array.from({ length: 30 }, (_, at) => `> Line ${at + 1} of what was said before.`).join('\n')

const texts: Readonly<Record<string, { head: string; body: string }>> = {
  root: {
    head: 'Subject: A day at the harbour',
    body: `The *boats* left at _dawn_, see https://harbour.example/boats?day=1 for more.

Between the lines:

    +-----+
    | box |
    +-----+

--${' '}
Ann Other
https://ann.example/
`,
  },
  reply: {
    head: 'Subject: Re: A day at the harbour\nReferences: <root@sample.example>',
    body: `Ann Other wrote:
> > Who was first?
> The boats left at dawn.
> > > > Nobody knows.

They did.

${long}

And the end:
\fThe captain did it.
`,
  },
  deep: {
    head: 'Subject: Re: A day at the harbour\nReferences: <root@sample.example> <reply@sample.example>',
    body: `> They did.\n\nQuite so.\n`,
  },
  hebrew: {
    head: 'Subject: =?UTF-8?B?16nXnNeV150g16LXldec150=?=\nContent-Type: text/plain; charset=UTF-8',
    body: 'שלום עולם, זה מאמר.\nAnd a line that runs the other way.\n日本語の行もあります。\n',
  },
  files: {
    head: `Subject: Picture and words${' and more words'.repeat(12)}
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=xx`,
    body: `--xx
Content-Type: text/plain; charset=UTF-8

Here is the file. ${'unbroken'.repeat(40)}
--xx
Content-Type: image/png; name="boat.png"
Content-Disposition: attachment; filename="boat.png"
Content-Transfer-Encoding: base64

iVBORw0KGgo=
--xx--
`,
  },
  html: {
    head: 'Subject: Only HTML\nMIME-Version: 1.0\nContent-Type: text/html; charset=UTF-8',
    body: '<p>Some <b>words</b>.</p><script>alert(1)</script>\n',
  },
  other: {
    head: 'Subject: Elsewhere\nNewsgroups: local.other, local.test',
    body: 'Crossposted.\n',
  },
}

/** Posts them in `local.test`. Their message-IDs are `<root@sample.example>`, reply, deep, hebrew, files, html, other. */
export async function postSampleThreads(client: RawClient): Promise<void> {
  for (const [name, { head, body }] of Object.entries(texts)) {
    const groups = /^Newsgroups:/im.test(head) ? '' : 'Newsgroups: local.test\n'
    const fields = `From: Ann Other <ann@sample.example>\n${groups}Message-ID: <${name}@sample.example>\n${head}`
    client.send('POST\r\n')
    expect(await client.line()).to.match(/^340 /)
    client.send(`${`${fields}\n\n${body}`.replace(/^\./gm, '..').replaceAll('\n', '\r\n')}.\r\n`)
    expect(await client.line()).to.match(/^240 /)
  }
}
