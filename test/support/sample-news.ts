/** Groups and articles in the manner of the RFC's examples. */
import type { FakeNode } from './fake-node.ts'

export function article(fields: Record<string, string>, body = 'This is just a test article.\n'): string {
  const all = {
    Path: 'pathost!demo!whitehouse!not-for-mail',
    From: '"Demo User" <nobody@example.net>',
    Newsgroups: 'misc.test',
    Subject: 'I am just a test article',
    Date: '6 Oct 1998 04:38:40 -0500',
    ...fields,
  }
  const head = Object.entries(all).map(([name, value]) => `${name}: ${value}\n`)
  return `${head.join('')}\n${body}`
}

/** 1999-06-24 00:00:00 UTC, seconds. */
const june24 = Date.UTC(1999, 5, 24) / 1000

export function fillWithSamples(node: FakeNode): FakeNode {
  node.addGroup({
    name: 'misc.test',
    description: 'General Usenet testing',
    created: 930_445_408,
    creator: 'a@example.org',
  })
  node.addGroup({ name: 'example.empty.newsgroup', low: 4000, created: 1000 })
  node.addGroup({
    name: 'alt.crossposts',
    description: 'Crossposts',
    created: 930_562_309,
    creator: 'm@example.com',
  })
  node.addGroup({
    name: 'tx.natives',
    status: 'm',
    description: 'Texas Natives',
    created: 1000,
    creator: 't@example.com',
  })

  const first = {
    'Message-ID': '<45223423@example.com>',
    References: '<45454@example.net>',
    Xref: 'news.example.com alt.crossposts:111 misc.test:234',
  }
  node.addArticle(article(first), { at: ['misc.test:234', 'alt.crossposts:111'], time: june24 - 10 })
  node.addArticle(
    article(
      {
        Subject: 'Another\ttest\n  article',
        'Message-ID': '<668929@example.org>',
        'X-Mood': 'dots',
        '.Odd': 'yes',
      },
      '.\n..two\n\nlast\n',
    ),
    { at: ['misc.test:237'], time: june24 },
  )
  node.addArticle(article({ 'Message-ID': '<411@example.net>', Subject: 'Caf\xe9', Lines: '99' }, ''), {
    at: ['misc.test:567'],
    time: june24 + 10,
  })
  return node
}
