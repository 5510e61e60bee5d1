import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { Article } from '../../../src/article.ts'
import { isKeyOf, readStatus } from '../../../src/feed/group-control/signature.ts'
import { signedText } from '../../../src/feed/group-control/signed-text.ts'
import { Reason } from '../../../src/reason.ts'
import { wireFromText } from '../../../src/wire.ts'
import { ControlNews, type Fields } from '../../support/control-news.ts'
import { type Need, needs } from '../../support/needs.ts'
import { type Signing, signedMessage, TestKey } from '../../support/openpgp.ts'
import { type TemporaryDirectory, temporaryDirectory } from '../../support/temporary-directory.ts'

const gpgv: Need = { probe: ['/usr/bin/gpgv', '--version'], debian: 'gpgv' }
const body = 'For your newsgroups file:\nfar.talk\tTalk of far things\n\n-- \n- dashes, \n..and dots\n'

const noSignature = 'GnuPG Subject,Control,Message-ID,Date,From,Sender bm90aGluZw=='

describe('signatures of control messages', function () {
  this.timeout(60_000)
  let folder: TemporaryDirectory
  let ours: TestKey
  let others: TestKey

  before(async function () {
    needs(this, gpgv)
    folder = await temporaryDirectory()
    ours = new TestKey('Far Control <control@example.org>')
    others = new TestKey('Far Other <other@example.org>')
    writeFileSync(join(folder.path, 'ring.gpg'), Buffer.concat([ours.exported, others.exported]))
  })
  after(() => folder?.[Symbol.asyncDispose]())

  const opened = (rule: object = {}) =>
    ControlNews.open([{ groups: 'far.*', action: 'apply', key: ours.fingerprint, ...rule }], {
      pgp: { keyring: join(folder.path, 'ring.gpg') },
    })
  const signed = (news: ControlNews, signing: Signing & { key?: TestKey; more?: Fields } = {}) =>
    signedMessage(signing.key ?? ours, news.fields('newgroup far.talk', signing.more), { body, ...signing })

  for (const [what, key] of [
    ['fingerprint', () => ours.fingerprint.replace(/(.{4})/g, '$1 ').trim()],
    ['user id', () => ours.user],
    ['address in it', () => 'control@example.org'],
  ] as const)
    it(`let a message be applied, the key known by its ${what}`, async () => {
      await using news = await opened({ key: key() })
      await news.bring(signed(news), body)
      await news.settled()
      expect(await news.groups()).to.deep.equal(['far.talk y Talk of far things'])
      expect(news.records.map(({ fields }) => fields.key)).to.deep.equal([ours.fingerprint])
    })

  it('are of the fields with their folds, of several lines', async () => {
    await using news = await opened()
    const more = { Subject: 'cmsg newgroup\n  far.talk', Sender: 'control@example.org' }
    await news.bring(signed(news, { more }), body)
    await news.settled()
    expect(news.outcomes).to.deep.equal(['applied far.talk'])
  })

  const forged: readonly [string, (news: ControlNews) => readonly [Fields, string?], string][] = [
    ['are missing', news => [news.fields('newgroup far.talk')], 'no signature'],
    [
      'are no base64',
      news => [{ ...signed(news), 'X-PGP-Sig': 'GnuPG Control ???' }],
      'X-PGP-Sig cannot be read',
    ],
    [
      'are no signature',
      news => [{ ...signed(news), 'X-PGP-Sig': noSignature }],
      'X-PGP-Sig holds no signature',
    ],
    [
      'are of another group',
      news => [{ ...signed(news), Control: 'newgroup far.evil' }],
      'the signature is not of this text',
    ],
    [
      'are of another body',
      news => [signed(news), body.replace('far things', 'evil things')],
      'the signature is not of this text',
    ],
    [
      'are of another date',
      news => [{ ...signed(news), Date: 'Wed, 31 Dec 2025 23:00:00 +0000' }],
      'the signature is not of this text',
    ],
    [
      'are of another message',
      news => [{ ...signed(news), 'Message-ID': '<again@far.example>' }],
      'the signature is not of this text',
    ],
    [
      'leave the sender open',
      news => [signed(news, { names: ['Control', 'Date', 'Message-ID', 'Subject'] })],
      'From is not signed',
    ],
    [
      'leave Control open',
      news => [signed(news, { names: ['Date', 'Message-ID', 'From', 'Sender'] })],
      'Control is not signed',
    ],
    [
      'get a Sender beside them',
      news => [
        {
          ...signed(news, { names: ['Control', 'Date', 'Message-ID', 'From'] }),
          Sender: 'control@example.org',
        },
      ],
      'Sender is not signed',
    ],
    [
      'are of another key',
      news => [signed(news, { key: others })],
      'signed by another key than that of the rule',
    ],
    [
      'are of a key nobody has',
      news => [signed(news, { key: new TestKey(ours.user) })],
      'the key that signed is not in pgp.keyring',
    ],
    [
      'are made with SHA-1',
      news => [signed(news, { digest: 'sha1' })],
      'the signature is made with SHA-1: see old_keys',
    ],
  ]
  for (const [what, make, reason] of forged)
    it(`change nothing where they ${what}`, async () => {
      await using news = await opened()
      const [fields, text = body] = make(news)
      await news.bring(fields, text)
      await news.settled()
      expect(await news.groups()).to.deep.equal([])
      expect(news.outcomes).to.deep.equal([`refused ${reason}`])
    })

  it('made with SHA-1 are taken where the rule says so', async () => {
    await using news = await opened({ old_keys: true })
    await news.bring(signed(news, { digest: 'sha1' }), body)
    await news.settled()
    expect(news.outcomes).to.deep.equal(['applied far.talk'])
  })

  it('are not looked at without end where one source brings bad ones', async () => {
    await using news = await opened()
    for (let at = 0; at < 65; at++) await news.bring(signed(news), 'another body\n')
    await news.settled()
    expect(await news.groups()).to.deep.equal([])
    expect(news.outcomes).to.deep.equal([
      'refused the signature is not of this text',
      'refused too many bad signatures of one source',
    ])
  })

  it('hold nothing up where gpgv is not there', async () => {
    const pgp = { keyring: join(folder.path, 'ring.gpg'), gpgv: join(folder.path, 'nothing') }
    await using news = await ControlNews.open([{ groups: 'far.*', action: 'apply', key: 'x' }], { pgp })
    await news.bring(signed(news), body)
    await news.settled()
    expect(news.outcomes).to.deep.equal(['refused gpgv could not be run'])
  })
})

describe('what is signed of a control message', () => {
  const read = (fields: string) => {
    const text = `Control: newgroup far.a\n${fields}X-PGP-Sig: 1 Control,Sender AAAA\n\nThe body\n`
    const limits = { header_bytes: 65_536, header_line_bytes: 8_192, headers: 300, blankFolds: true }
    const article = Article.parse(wireFromText(Buffer.from(text)), limits)
    if (article instanceof Reason) throw new Error(article.text)
    return signedText(article)
  }

  it('has no blank line in a field: what stands behind it there would pass for the body', () => {
    expect(read('Sender: a@b.example\n (A)\n')).to.have.property('text')
    for (const fields of [
      'Sender: a@b.example\n \n (The body)\n',
      'Sender: a@b.example\n\t \n',
      'Sender:\n \n a@b.example\n',
    ])
      expect(read(fields), fields).to.equal('a signed field has a blank line')
  })
})

describe('the status of gpgv', () => {
  const good = '[GNUPG:] GOODSIG 0123 A <a@b.example>\n'
  const valid = `[GNUPG:] VALIDSIG ${'A'.repeat(40)} 2020-01-01 1577836800 0 4 0 1 8 01 ${'B'.repeat(40)}\n`

  it('is one good signature', () => {
    const signer = readStatus(`[GNUPG:] NEWSIG\n${good}${valid}`)
    expect(signer).to.deep.equal({
      fingerprints: ['A'.repeat(40), 'B'.repeat(40)],
      user: 'A <a@b.example>',
      isOld: false,
    })
    if (typeof signer === 'string') return
    for (const key of ['a@b.example', 'A <a@b.example>', 'a'.repeat(40), `0x${'B'.repeat(40)}`])
      expect(isKeyOf(signer, key), key).to.equal(true)
    for (const key of ['', 'b.example', 'A', 'C'.repeat(40), 'B'.repeat(16), 'x@b.example'])
      expect(isKeyOf(signer, key), key).to.equal(false)
  })

  for (const [what, status] of [
    ['nothing', ''],
    ['words without their mark', good.slice(9) + valid.slice(9)],
    ['a good one without a valid one', good],
    ['a valid one without a good one', valid],
    ['two signatures', good + valid + good + valid],
    ['a bad one beside a good one', `${good}${valid}[GNUPG:] BADSIG 0123 A\n`],
    ['an expired key', `[GNUPG:] EXPKEYSIG 0123 A\n${valid}`],
    ['a revoked key', `[GNUPG:] REVKEYSIG 0123 A\n${valid}`],
    ['an error', '[GNUPG:] ERRSIG 0123 1 1 01 1577836800 5\n'],
    ['MD5', good + valid.replace(' 1 8 01', ' 1 1 01')],
  ] as const)
    it(`is none where it has ${what}`, () => {
      expect(readStatus(status)).to.be.a('string')
    })
})
