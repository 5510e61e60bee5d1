/** What is wrong with a configuration, in words that name the key, the value and the fix. */
import type { z } from 'zod'
import { isLoopbackAddress } from '../host.ts'
import { nearest } from '../nearest.ts'
import type { Config } from './config.ts'
import { configSections, keysToCome } from './keys.ts'
import { isTable, type Table } from './merge.ts'
import { keyPath } from './place.ts'
import { feedsUs } from './sections/exchange.ts'

export interface Finding {
  readonly path: readonly PropertyKey[]
  readonly text: string
}

type Issue = z.core.$ZodIssue

/** One finding an issue; one for each of several unknown keys. */
export function describeIssue(issue: Issue, root: Table): Finding[] {
  const path = issue.path
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map(key => ({ path: [...path, key], text: `unknown key${meant(key, path)}` }))
  const value = valueAt(root, path)
  if (value === undefined && path.length > 0)
    return [{ path, text: `is missing; add ${String(path.at(-1))} = ...` }]
  return [{ path, text: `expected ${expectation(issue, path)}, found ${shown(value)}` }]
}

function expectation(issue: Issue, path: readonly PropertyKey[]): string {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.expected === 'array' && path.length === 1) return `[[${String(path[0])}]]`
      return typeNames[issue.expected] ?? issue.expected
    case 'invalid_value':
      return `one of ${issue.values.map(value => JSON.stringify(value)).join(', ')}`
    case 'too_small':
      if (issue.origin === 'string') return 'a text that is not empty'
      return issue.inclusive === false ? `more than ${issue.minimum}` : `at least ${issue.minimum}`
    case 'too_big':
      return `at most ${issue.maximum}`
    case 'invalid_union':
      return unionExpectation(issue.errors, path)
    case 'custom':
      return issue.message
    default:
      return `something else (${issue.message})`
  }
}

/** The branch that got further says more: `host:port` rather than "a text or a list". */
function unionExpectation(branches: readonly (readonly Issue[])[], path: readonly PropertyKey[]): string {
  const further = branches.flat().find(issue => issue.code !== 'invalid_type')
  if (further !== undefined) return expectation(further, path)
  return branches
    .flat()
    .map(issue => expectation(issue, path))
    .join(' or ')
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a table',
}

function shown(value: unknown): string {
  if (typeof value === 'bigint') return String(value)
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 80 ? `${text.slice(0, 77)}...` : text
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  let value = root
  for (const part of path) {
    if (typeof part === 'number') value = Array.isArray(value) ? value[part] : undefined
    else value = isTable(value) ? value[String(part)] : undefined
  }
  return value
}

function meant(key: string, path: readonly PropertyKey[]): string {
  const sections = configSections()
  const section = sections.find(each => each.name === path[0])
  const names =
    path.length === 0 ? sections.map(each => each.name) : (section?.keys.map(each => each.name) ?? [])
  const found = nearest(key, names)
  if (found !== undefined) return `; did you mean "${found}"?`
  const elsewhere = sections.flatMap(each => each.keys).find(each => each.name === key)
  if (elsewhere !== undefined) return `; it belongs into ${bracketed(elsewhere.section, elsewhere.repeated)}`
  return names.length === 0 ? '' : `; known here: ${names.join(', ')}`
}

const bracketed = (section: string, repeated: boolean) => (repeated ? `[[${section}]]` : `[${section}]`)

/**
 * Takes out of `root` the keys that a later version will act on. Those that ask for what this version does anyway
 * (`text_only = false`) go silently; every other one is a finding, never ignored.
 */
export function takeKeysToCome(root: Table): Finding[] {
  const findings: Finding[] = []
  for (const [section, content] of Object.entries(root)) {
    const tables = Array.isArray(content) ? content : [content]
    for (const [index, table] of tables.entries()) {
      const path = Array.isArray(content) ? [section, index] : [section]
      if (isTable(table)) findings.push(...takeFrom(table, section, path))
    }
    if (!keysToCome.has(section)) continue
    delete root[section]
    if (!isHarmless(section, content) && !findings.some(finding => finding.path[0] === section))
      findings.push({ path: [section], text: 'not in this version; take it out' })
  }
  return findings
}

function takeFrom(table: Table, section: string, path: readonly PropertyKey[]): Finding[] {
  const findings: Finding[] = []
  for (const [key, value] of Object.entries(table)) {
    const name = `${section}.${key}`
    if (!keysToCome.has(name)) continue
    delete table[key]
    if (isHarmless(name, value)) continue
    const harmless = (keysToCome.get(name) ?? []).map(each => JSON.stringify(each))
    const remedy = harmless.length === 0 ? 'take it out' : `take it out or set it to ${harmless.join(' or ')}`
    findings.push({ path: [...path, key], text: `not in this version; ${remedy}` })
  }
  return findings
}

function isHarmless(name: string, value: unknown): boolean {
  const text = JSON.stringify(value)
  return (keysToCome.get(name) ?? []).some(each => JSON.stringify(each) === text)
}

/** What no single value shows: names and addresses given twice. */
export function crossCheck(config: Config): Finding[] {
  const identities = config.peer.flatMap((peer, index) => [
    { value: peer.name.toLowerCase(), path: ['peer', index, 'name'] },
    ...peer.aliases.map((alias, at) => ({
      value: alias.toLowerCase(),
      path: ['peer', index, 'aliases', at],
    })),
  ])
  const own = config.node.path_identity.toLowerCase()
  const addresses = (['nntp', 'nntps', 'web', 'webs', 'admin'] as const).flatMap(name =>
    config.listen[name].map((value, index) => ({ value, path: ['listen', name, index] })),
  )
  return [
    ...repeats(config.group.map((group, index) => ({ value: group.name, path: ['group', index, 'name'] }))),
    ...repeats(identities),
    ...identities
      .filter(each => each.value === own)
      .map(each => ({ path: each.path, text: `is this node's own path identity, "${own}"` })),
    ...repeats(
      config.peer.flatMap(({ certificate }, index) =>
        certificate.map((value, at) => ({
          value: value.toLowerCase(),
          path: ['peer', index, 'certificate', at],
        })),
      ),
    ),
    ...repeats(
      config.peer
        .map(({ account }, index) => ({ value: account, path: ['peer', index, 'account'] }))
        .filter(({ value }) => value !== ''),
    ),
    ...repeats(config.pull.map(({ from }, index) => ({ value: from, path: ['pull', index, 'from'] }))),
    ...repeats(addresses.filter(each => !each.value.endsWith(':0'))),
    ...unknownLabels(config),
    ...config.expire.flatMap(({ min_days, max_days = 0 }, index) =>
      max_days > 0 && (min_days ?? 0) > max_days
        ? [{ path: ['expire', index, 'min_days'], text: `is more than max_days, ${max_days}` }]
        : [],
    ),
    ...(['nntps', 'webs'] as const)
      .filter(kind => config.listen[kind].length > 0 && config.tls.cert === '')
      .map(kind => ({ path: ['listen', kind], text: 'needs a certificate: set cert and key in [tls]' })),
    ...unproxied(config),
    ...unprovenControl(config),
    ...(config.mail.smtp !== '' && config.mail.from === ''
      ? [
          {
            path: ['mail', 'from'],
            text: 'is needed with mail.smtp; set it to the address that mail comes from',
          },
        ]
      : []),
  ]
}

/** RFC 5537 5.2: nobody is believed without proof unless that is said. */
function unprovenControl({ control, pgp, node }: Config): Finding[] {
  return control.flatMap(({ action, key, unsigned }, index) => {
    const finding = (name: string, text: string) => [{ path: ['control', index, name], text }]
    if (unsigned && key !== '') return finding('unsigned', 'contradicts key; take one out')
    if (action === 'apply' && key === '' && !unsigned)
      return finding(
        'action',
        '"apply" needs key, whose signature it is to bear; or unsigned = true, in a closed network',
      )
    if (key !== '' && pgp.keyring === '')
      return finding('key', 'needs pgp.keyring, a file with the public key')
    if (action === 'mail' && node.admin === '')
      return finding('action', '"mail" needs node.admin, the address that is written to')
    return []
  })
}

/** A header that nobody may write, or a listener that nobody reads it on. */
function unproxied({ listen }: Config): Finding[] {
  const { proxy_protocol, trusted_proxies, nntp, nntps } = listen
  const key = ['listen', 'proxy_protocol']
  const strays = proxy_protocol.flatMap((address, at) =>
    nntp.includes(address) || nntps.includes(address)
      ? []
      : [{ path: [...key, at], text: `"${address}" is no address of listen.nntp or listen.nntps` }],
  )
  return proxy_protocol.length > 0 && trusted_proxies.length === 0
    ? [...strays, { path: key, text: 'lets nobody in: name the proxy in listen.trusted_proxies' }]
    : strays
}

/** A typing error in deny_labels would open what it shall close. */
function unknownLabels({ access, hierarchy }: Config): Finding[] {
  const labels = [...new Set(hierarchy.flatMap(rule => rule.labels))]
  return access.flatMap((rule, index) =>
    rule.deny_labels.flatMap((label, at) => {
      if (labels.includes(label)) return []
      const meant = nearest(label, labels)
      const hint = meant === undefined ? '' : `; did you mean "${meant}"?`
      const text = `no [[hierarchy]] has the label "${label}"${hint}`
      return [{ path: ['access', index, 'deny_labels', at], text }]
    }),
  )
}

function repeats(values: readonly { value: string; path: readonly PropertyKey[] }[]): Finding[] {
  const seen = new Set<string>()
  return values.flatMap(({ value, path }) => {
    if (seen.has(value)) return [{ path, text: `"${value}" is given twice; take one out` }]
    seen.add(value)
    return []
  })
}

/** An [[access]] rule that no reader can match: below others it looks as if it kept somebody out. */
function nobodysRule({ from, users, groups }: Config['access'][number], index: number): string[] {
  const rule = keyPath(['access', index])
  const nobody = 'so the rule is for nobody'
  if (from.length === 0) return [`${rule}.from is empty, ${nobody}; name addresses, or leave it out for all`]
  if (users === '' && groups.length > 0)
    return [
      `${rule}: users = "" is for readers who did not log in, and they are in none of its groups, ${nobody}; leave users out, or groups`,
    ]
  if (users !== '' && users.split(',').every(pattern => pattern.startsWith('!')))
    return [`${rule}.users only leaves accounts out, ${nobody}; begin it with "*,"`]
  return []
}

/** What works but is probably not meant. */
export function configWarnings(config: Config): string[] {
  const warnings: string[] = []
  if (config.access.length === 0) warnings.push('there is no [[access]] rule: nobody may read or post')
  warnings.push(...config.access.flatMap(nobodysRule))
  if (config.peer.length > 0 && config.node.path_identity.toLowerCase().endsWith('.invalid'))
    warnings.push(
      `node.path_identity is "${config.node.path_identity}": peers know a node by a name of its own`,
    )
  for (const peer of config.peer) {
    if (!feedsUs(peer) && peer.to === undefined)
      warnings.push(
        `peer "${peer.name}" has neither to nor from, certificate or account: nothing is exchanged with it`,
      )
    const to = typeof peer.to === 'string' ? [peer.to] : (peer.to ?? [])
    if (peer.user !== '' && peer.tls === 'off' && !to.every(isLoopbackAddress))
      warnings.push(
        `peer "${peer.name}" has user but tls = "off": it is not called, for no password goes out without TLS`,
      )
    if (peer.send !== undefined && peer.to === undefined)
      warnings.push(`peer "${peer.name}" has send but no to: nothing is sent to it`)
  }
  for (const { from, user, tls } of config.pull)
    if (user !== '' && tls === 'off' && !isLoopbackAddress(from))
      warnings.push(
        `pull "${from}" has user but tls = "off": it is not called, for no password goes out without TLS`,
      )
  const letters = config.mail.smtp !== '' && config.web.registration !== 'closed'
  if (
    letters &&
    config.web.base_url === '' &&
    ![...config.listen.web, ...config.listen.webs].every(isLoopbackAddress)
  )
    warnings.push(
      'mail.smtp is set and web.base_url is not: links in letters lead to the address that the web reader listens on',
    )
  if (config.moderator.length === 0)
    for (const group of config.group)
      if (group.status === 'm')
        warnings.push(`group "${group.name}" is moderated, but there is no [[moderator]] rule`)
  return warnings
}
