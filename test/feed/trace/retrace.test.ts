import { expect } from 'chai'
import type { Article } from '../../../src/article.ts'
import { amend } from '../../../src/feed/amend.ts'
import { checkNames } from '../../../src/feed/check/names.ts'
import { checksOf, examine } from '../../../src/feed/examine.ts'
import { checkOf, retrace } from '../../../src/feed/trace/retrace.ts'
import { Reason } from '../../../src/reason.ts'
import { articleOf, config, type Fields, facts, group, now, origins } from '../sample.ts'

const came = { source: 'peer:peer.test', time: now / 1000 }
const known = { config, group, limit: facts.horizon }

/** As it is stored after it came from the peer. */
const stored = (fields: Fields = {}): Article =>
  amend(articleOf(fields), origins.peer, { identity: 'news.here.test' })

const verdicts = (article: Article, from = came, by = known) =>
  Object.fromEntries(retrace(article, from, by).map(({ check, verdict }) => [check, verdict]))

describe('the checks of a stored article', () => {
  it('are passed by what was taken, our own name in front notwithstanding', () => {
    for (const path of ['peer.test!x', 'c.test!x', 'peer.test!.POSTED!news.here.test!x']) {
      const found = verdicts(stored({ Path: path }))
      expect(found).to.include({ loop: 'passed', Path: 'passed', form: 'passed', size: 'passed' })
      expect(new Set(Object.values(found))).to.deep.equal(new Set(['passed']))
    }
  })

  it('tell what the rules of now would refuse, and the others all the same', () => {
    const found = retrace(stored({ Newsgroups: 'private.x', From: 'Alice' }), came, known)
    const refused = found.filter(({ verdict }) => verdict === 'refused')
    expect(refused).to.deep.equal([])
    const narrow = { ...config, peer: [{ ...config.peer[0], name: 'peer.test', accept: '*,!private.*' }] }
    const now = retrace(stored({ Newsgroups: 'private.x' }), came, {
      ...known,
      config: narrow as typeof config,
    })
    expect(now.filter(({ verdict }) => verdict === 'refused')).to.deep.equal([
      {
        check: 'groups of the peer',
        verdict: 'refused',
        text: 'would be refused now: Group not accepted from this peer: private.x',
      },
    ])
    expect(now.at(-1)?.check).to.equal('groups of the peer')
  })

  it('go by the clock of when it arrived', () => {
    const later = { ...known, limit: now / 1000 + 90 * 86_400 }
    expect(verdicts(stored(), came, later)).to.include({ age: 'passed' })
    expect(verdicts(stored({ Date: 'Thu, 15 Apr 93 12:00:00 PDT' }))).to.include({ age: 'refused' })
  })

  it('do not repeat for a posting what only the connection knew', () => {
    const found = verdicts(articleOf(), { ...came, source: 'post:alice' })
    expect(found).to.include({ From: 'passed', 'right to post': 'not repeated', age: 'passed' })
    expect(verdicts(articleOf(), { ...came, source: 'import' })).to.not.have.any.keys('age', 'right to post')
    expect(verdicts(articleOf(), { ...came, source: 'pull:news.test' })).to.include({ form: 'passed' })
  })

  it('have a name each', () => {
    const all = (['peer', 'post', 'import'] as const).flatMap(kind => checksOf(kind))
    const nameless = all.filter(check => !checkNames.has(check)).map(({ name }) => name)
    expect([...new Set(nameless)]).to.deep.equal(['noteControl'])
  })

  it('are named for each reason that they give', () => {
    const spoilt: Fields[] = [
      { Date: 'yesterday' },
      { From: ['a@b.test', 'c@d.test'] },
      { Newsgroups: '..' },
      { Newsgroups: 'mod.one' },
      { Path: 'news.here.test!x' },
      { Distribution: 'na' },
      { Newsgroups: 'private.x' },
      { Subject: undefined },
    ]
    for (const fields of spoilt) {
      const reason = examine(articleOf(fields), origins.peer, facts)
      if (!(reason instanceof Reason)) throw new Error('taken')
      const names = [...checkNames.values()].map(({ name }) => name)
      expect(names, reason.name).to.include(checkOf(reason.name))
    }
    expect([checkOf('bare-cr'), checkOf('fault')]).to.deep.equal(['form', 'acceptance'])
  })
})
