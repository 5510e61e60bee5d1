/** What stands in articles: the header section with all checks on it, and the characters that readers see. */
import { Article } from '../../../src/article.ts'
import { decodeHeader } from '../../../src/article-text/header-words.ts'
import { readableBody } from '../../../src/article-text/readable.ts'
import { directionOf, tongueOf } from '../../../src/article-text/tongue.ts'
import { visibleLine } from '../../../src/article-text/visible.ts'
import { configSchema } from '../../../src/config/config.ts'
import { controlGroup, withdrawnBy } from '../../../src/feed/control.ts'
import { examine } from '../../../src/feed/examine.ts'
import { groupRequest } from '../../../src/feed/group-control/request.ts'
import { signedText } from '../../../src/feed/group-control/signed-text.ts'
import type { Origin } from '../../../src/feed/origin.ts'
import { parseMessageId } from '../../../src/message-id.ts'
import { Reason } from '../../../src/reason.ts'
import { bodyBlocks } from '../../../src/web/article/body-blocks.ts'
import { baseSubject } from '../../../src/web/threading/base-subject.ts'
import { english } from '../../../src/web/words/english.ts'
import { anyone } from '../../support/node.ts'
import { always, octets, type Target, whole } from '../target.ts'

const config = configSchema.parse({})
const facts = {
  now: Date.UTC(2026, 10, 21),
  config,
  group: (name: string) => (name === 'a.b' ? { status: 'y' } : undefined),
  horizon: 0,
}
const source = { peer: 'p', aliases: [], address: '192.0.2.1', accepts: () => true, connection: Symbol('p') }
const origins: readonly Origin[] = [
  { kind: 'peer', source },
  { kind: 'post', poster: anyone },
  { kind: 'import' } as Origin,
]

const header = (more = '') =>
  'Path: p!a!.POSTED.b!not-for-mail\r\nFrom: "A, B" (c) <a@b.example>\r\nNewsgroups: a.b,c.d\r\nSubject: s\r\n' +
  `Message-ID: <x@y.example>\r\nDate: Sat, 21 Nov 2026 00:00:00 +0000\r\n${more}`

const headers: Target = {
  name: 'headers',
  seeds: [
    octets(`${header()}\r\nx\r\n`),
    octets(`${header('References: <a@b>\r\n <c@d>\r\nX-Long: y\r\n')}\r\n..x\r\n`),
    octets(
      `${header('Followup-To: poster\r\nExpires: 1 Jan 27 00:00 GMT\r\nControl: cancel <a@b>\r\n')}\r\n`,
    ),
    octets(`${header('Distribution: world,eu\r\nApproved: m\r\n..dot: x\r\n')}\r\n`),
  ],
  words: [
    'Subject: ',
    'Xref: a b:1\r\n',
    ': ',
    ':',
    '\r\n ',
    '\r\n\t',
    '(',
    '"',
    '\\',
    '<',
    '>',
    '!',
    ',',
    '__proto__: x\r\n',
  ],
  run(pieces) {
    const article = Article.parse(whole(pieces), config.limits)
    if (article instanceof Reason) return article.text
    always(article.names.length <= config.limits.headers, 'not too many fields')
    const edited = article.edit({ prepend: ['X-A: b'], remove: ['Xref'], append: ['X-C: d'] })
    const again = Article.parse(edited.wire, { ...config.limits, headers: 300, header_bytes: 99_999 })
    always(again instanceof Article, 'an edited article is one')
    always(edited.lines === article.lines, 'an edit leaves the body')
    const found = origins.map(origin => {
      const examined = examine(article, origin, facts)
      return examined instanceof Reason ? examined.text : examined
    })
    return JSON.stringify([article.octets, article.longestHeaderLine, article.emptyHeaders, found])
  },
}

const encodedWords: Target = {
  name: 'encoded-words',
  seeds: [
    '=?utf-8?q?Gr=C3=BC=C3=9Fe?= =?iso-8859-1?B?5Pb8?=',
    '=?utf-8?b?4pi6?= text',
    'plain \xe4\xf6',
    '=?x?q?=GG_?=',
  ].map(octets),
  words: ['=?', '?=', '?q?', '?B?', '=?utf-8?Q?', '=', '_', '==', 'utf-7', 'utf-16'],
  run: pieces => decodeHeader(whole(pieces).toString('latin1')),
}

const subject: Target = {
  name: 'subject',
  seeds: ['Re: [list] AW: Re[2]: שלום', 'Fwd: [fwd: 日本のニュース (fwd)]', 'Re [3] : 關於 news'].map(text =>
    Buffer.from(text),
  ),
  words: ['re', 'Re: ', 'Fwd', ':', '[', ']', '[2]', '[fwd:', '(fwd)', ' (', 'ש', '日'],
  run(pieces) {
    const text = whole(pieces).toString()
    return JSON.stringify([visibleLine(text), directionOf(text), tongueOf(text), baseSubject(text)])
  },
}

const mime: Target = {
  name: 'mime',
  seeds: [
    'multipart/mixed; boundary="b"\n--b\r\nContent-Type: text/plain\r\n\r\nx\r\n--b--\r\n',
    'text/plain; charset=utf-8; format=flowed\nx y \r\nz\r\n',
    'multipart/alternative; boundary=a\n--a\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n\r\nx\r\n--c--\r\n--a--\r\n',
  ].map(octets),
  words: [
    '--b\r\n',
    '--b--',
    'boundary=',
    'Content-Type: multipart/mixed; boundary=b\r\n\r\n',
    '; ',
    '"',
    '=',
    '\r\n\r\n',
    'begin 644 a\r\n',
  ],
  run(pieces) {
    const input = whole(pieces)
    const end = input.indexOf(10)
    const type = input.toString('latin1', 0, Math.max(end, 0))
    const body = readableBody(
      name => (name.toLowerCase() === 'content-type' ? type : undefined),
      input.subarray(end + 1),
    )
    const files = body.files.map(({ name, open }) => [name, open().octets.length])
    return JSON.stringify([bodyBlocks(body.lines, false, english), files])
  },
}

const control: Target = {
  name: 'control-message',
  seeds: [
    'Control: cancel <a@b>\r\n',
    'Control: CANCEL\t <a@b>\r\nCancel-Key: sha256:x\r\n',
    'Control: newgroup a.b moderated\r\n\r\nFor your newsgroups file:\r\na.b\tText (Moderated)\r\n',
    'Control: checkgroups a !a.c #7\r\n\r\na.b\tText\r\na.d\tMore (Moderated)\r\n',
    'Control: rmgroup a.b\r\nX-PGP-Sig: 1 Control,Date\r\n\tAAAA\r\n\t=AAAA\r\n',
    'Supersedes: <a@b>\r\n',
    'Control: cancel\r\n <a@b>\r\nSupersedes: <c@d>\r\n',
  ].map(octets),
  words: [
    'Control: ',
    'Supersedes: ',
    'cancel',
    '<a@b>',
    '<x@y.example>',
    'checkgroups',
    'Content-Type: multipart/mixed; boundary=x\r\n',
    '--x\r\n',
    '#',
    '!',
    ' ',
    '\t',
    '\r\n ',
    '\r\n',
    '__proto__',
    '..',
  ],
  run(pieces) {
    const article = Article.parse(
      Buffer.concat([octets(header()), ...pieces, octets('\r\n\r\n')]),
      config.limits,
    )
    if (article instanceof Reason) return article.name
    const group = controlGroup(article)
    always(/^control(\.[a-z]+)?$/.test(group), 'no octet of the article goes into the name of the group')
    const withdrawn = withdrawnBy(article)
    const target = withdrawn && 'target' in withdrawn ? withdrawn.target : undefined
    always(target === undefined || parseMessageId(target) === target, 'what goes has a message-ID')
    always(target !== '<x@y.example>', 'no article takes itself away')
    const request = groupRequest(article)
    const signed = signedText(article)
    always(typeof signed !== 'object' || !signed.text.includes('\r\n'), 'signed lines end in LF')
    return JSON.stringify([
      group,
      withdrawn,
      request,
      typeof signed === 'object' ? [...signed.fields] : signed,
    ])
  },
}

export const articleTargets: readonly Target[] = [headers, encodedWords, subject, mime, control]
