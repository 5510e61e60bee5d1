/** Articles, posters, peers and facts that the tests of this folder share. */
import { Article } from '../../src/article.ts'
import { type Config, configSchema } from '../../src/config/config.ts'
import type { Facts } from '../../src/feed/check/check.ts'
import type { Poster, Source } from '../../src/feed/feed.ts'
import type { Origin } from '../../src/feed/origin.ts'
import { Reason } from '../../src/reason.ts'

/** 2026-11-21 08:00:00 UTC */
export const now = Date.UTC(2026, 10, 21, 8)

const parsed = configSchema.parse({
  node: { path_identity: 'news.here.test', organization: 'Here', admin: 'usenet@here.test' },
  peer: [{ name: 'peer.test', distributions: 'world,eu' }, { name: 'other.test' }],
  moderator: [{ groups: 'mod.*', address: '%s@moderators.test' }],
})

/** The first rule is one that the schema would refuse: nothing may be mailed by it all the same. */
export const config: Config = {
  ...parsed,
  moderator: [{ groups: 'mod.nobody', address: 'not an address' }, ...parsed.moderator],
}

const statuses: Readonly<Record<string, string>> = {
  'test.a': 'y',
  'test.b': 'y',
  'test.local': 'n',
  'test.none': 'x',
  'test.junk': 'j',
  'test.alias': '=test.a',
  'test.dead': '=test.gone',
  'test.mod-alias': '=mod.one',
  'mod.one': 'm',
  'mod.two': 'm',
  'mod.nobody': 'm',
  'closed.mod': 'm',
  'private.x': 'y',
}

export function group(name: string): { readonly status: string } | undefined {
  const status = Object.hasOwn(statuses, name) ? statuses[name] : undefined
  return status === undefined ? undefined : { status }
}

export const facts: Facts = { now, config, group, horizon: now / 1000 - 10 * 86_400 }

export const poster: Poster = {
  account: 'alice',
  address: '192.0.2.7',
  mayPost: name => !name.startsWith('private.'),
  mayApprove: () => false,
}

export const source: Source = {
  peer: 'peer.test',
  aliases: [],
  address: '192.0.2.9',
  accepts: name => !name.startsWith('private.'),
  connection: Symbol('test'),
}

export const origins = {
  peer: { kind: 'peer', source },
  post: { kind: 'post', poster },
  import: { kind: 'import' },
} as const satisfies Record<Origin['kind'], Origin>

/** Fields by name; undefined leaves one out, a list repeats it. */
export type Fields = Readonly<Record<string, string | readonly string[] | undefined>>

const usual: Fields = {
  Path: 'peer.test!poster.test!.POSTED.198.51.100.1!not-for-mail',
  From: 'Alice <alice@example.org>',
  Newsgroups: 'test.a',
  Subject: 'Hello',
  Date: 'Sat, 21 Nov 2026 07:00:00 +0000',
  'Message-ID': '<1@example.org>',
}

/** An article that every check passes, but for `fields`. */
export function wireOf(fields: Fields = {}, body = 'Hello\r\n'): Buffer {
  const lines = Object.entries({ ...usual, ...fields }).flatMap(([name, value]) =>
    value === undefined ? [] : [value].flat().map(one => `${name}: ${one}\r\n`),
  )
  return Buffer.from(`${lines.join('')}\r\n${body}`, 'latin1')
}

export function articleOf(fields: Fields = {}, body?: string): Article {
  const article = Article.parse(wireOf(fields, body), { ...config.limits, lax: true })
  if (article instanceof Reason) throw new Error(article.text)
  return article
}
