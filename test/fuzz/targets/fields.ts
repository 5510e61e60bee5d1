/** What is read out of single fields and arguments: dates, identifiers, names, patterns, paths. */
import { formatDate, parseDate, parseNntpDate } from '../../../src/date.ts'
import { isOpened, locksIn, locksOpenedBy } from '../../../src/feed/withdraw/cancel-lock.ts'
import { compilePattern } from '../../../src/glob.ts'
import { parseLaxMessageId, parseMessageId } from '../../../src/message-id.ts'
import { parseDistributions, parseNewsgroup, parseNewsgroups } from '../../../src/newsgroup.ts'
import { parsePath, relayedPath } from '../../../src/path.ts'
import { parseRange } from '../../../src/server/syntax.ts'
import { HierarchyPattern, Wildmat } from '../../../src/wildmat.ts'
import { always, octets, type Target, whole } from '../target.ts'

const textOf = (pieces: readonly Buffer[]): string => whole(pieces).toString('latin1')

const date: Target = {
  name: 'date',
  seeds: [
    'Sat, 21 Nov 2026 08:00:00 +0000',
    '1 Jan 70 00:00 GMT',
    'Thu, 31 Dec 1999 23:59:60 -1130 (a (nested) comment)',
    '29 feb 2024 12:00:00 (c) EST',
    '20260101 000000',
    '991231 235959',
  ].map(octets),
  words: ['Sat,', 'Nov', 'GMT', 'EDT', '+', '-', ':', '(', ')', '\\', '275760', '99999999999', '0'],
  run(pieces) {
    const text = textOf(pieces)
    const seconds = parseDate(text)
    if (seconds !== undefined) {
      always(Number.isInteger(seconds), 'a date is a whole number')
      always(parseDate(formatDate(seconds)) === seconds, 'a date that is written can be read')
    }
    const [day = '', time = ''] = text.split(' ')
    const since = parseNntpDate(day, time, Date.UTC(2026, 0, 1))
    always(since === undefined || Number.isInteger(since), 'so is a date of NNTP')
    return `${seconds} ${since}`
  },
}

const messageId: Target = {
  name: 'message-id',
  seeds: ['<a@b>', '<a.b!#$%@[127.0.0.1]>', '<"quoted"@x.example>', `<${'a'.repeat(240)}@b>`].map(octets),
  words: ['<', '>', '@', '.', '"', '\\', '[', ']', ' ', '__proto__'],
  run(pieces) {
    const text = textOf(pieces)
    const strict = parseMessageId(text)
    const lax = parseLaxMessageId(text)
    always(strict === undefined || strict === text, 'an identifier is never changed')
    always(strict === undefined || (text.length <= 250 && /^<[\x21-\x7e]+>$/.test(text)), 'RFC 5536 3.1.3')
    always(strict === undefined || lax !== undefined, 'what is good is good enough')
    return `${strict} ${lax}`
  },
}

const wildmat: Target = {
  name: 'wildmat',
  seeds: [
    'comp.*,!comp.lang.*\ncomp.lang.c',
    '*[a-z]*\\?\nabc?',
    '*a*a*a*b\naaaaaaaaaaaaa',
    '?*?,@x.*\nx.y',
  ].map(octets),
  words: ['*', '?', '[', ']', '^', '-', '\\', ',', '!', '@', '\n', '*a', '[^a-', 'a'],
  run(pieces) {
    // 4 KiB are more than any argument, name or header line can be.
    const [pattern = '', name = pattern] = textOf(pieces)
      .split('\n')
      .map(part => part.slice(0, 4096))
    const told = [Wildmat.parse(pattern)?.matches(name), HierarchyPattern.parse(pattern)?.verdict(name)]
    return JSON.stringify([...told, compilePattern(pattern)(name)])
  },
}

const newsgroups: Target = {
  name: 'newsgroups',
  seeds: ['a.b,c.d', 'comp.lang.c++, de.comp', 'a.b,,c', 'world, eu'].map(octets),
  words: [',', '.', '..', ' ', '\r\n ', '__proto__', '!', '/', '+', '-', '_', 'example', 'to.', 'control'],
  run(pieces) {
    const text = textOf(pieces)
    const { groups, bad } = parseNewsgroups(text)
    always(new Set(groups).size === groups.length, 'no name comes twice')
    always(
      groups.every(name => parseNewsgroup(name) === name),
      'each is a name',
    )
    return JSON.stringify([groups, bad, parseDistributions(text), parseRange(text)])
  },
}

const path: Target = {
  name: 'path',
  seeds: [
    'a.example!b.example!.POSTED.c!not-for-mail',
    'a!!b!.MISMATCH.c!d!.SEEN.192.0.2.1!x',
    '[2001:db8::1]!1.2.3.4!tail@x',
    'a!\r\n b',
  ].map(octets),
  words: ['!', '!!', '.POSTED', '.MISMATCH.', '.SEEN.', '\r\n ', ' ', ':', '192.0.2.1', '__proto__'],
  run(pieces) {
    const text = textOf(pieces)
    const read = parsePath(text)
    always(new Set(read.identities).size === read.identities.length, 'no site comes twice')
    const relayed = relayedPath({ identity: 'here.example', old: text, verdict: { kind: 'match' } })
    always(parsePath(relayed).identities.includes('here.example'), 'we are in the Path that we write')
    return JSON.stringify([read.identities, read.tail, read.injected, read.length, read.entries.length])
  },
}

const cancelKeys: Target = {
  name: 'cancel-lock',
  seeds: [
    'sha256:s/pmK/3grrz++29ce2/mQydzJuc7iqHn1nqcJiQTPMc=',
    'sha256:qv1VXHYiCGjkX/N1nhfYKcAeUn8bCVhrWhoKuBSnpMA= (old)\r\n\tsha1:aaaBBBcccDDDeeeFFF=',
    `sha512:${'A'.repeat(86)}== sha256:${'A'.repeat(43)}=`,
  ].map(octets),
  words: ['sha256:', 'sha512:', 'sha1:', 'ShA256:', ' ', '\r\n\t', '(', ')', '\\', '=', '/', '__proto__:'],
  run(pieces) {
    const text = textOf(pieces)
    const [locks, keys] = [locksIn(text), locksOpenedBy(text)]
    always(locks.length <= 8 && keys.length <= 8, 'nobody makes us look at more')
    always(
      locks.every(lock => locksIn(`x (y) ${lock}\r\n z`)[0] === lock),
      'a lock that was read can be read again',
    )
    always(!isOpened(locks, keys), 'nothing opens itself')
    return JSON.stringify([locks, keys])
  },
}

export const fieldTargets: readonly Target[] = [date, messageId, wildmat, newsgroups, path, cancelKeys]
