import { expect } from 'chai'
import { Reason, type ReasonName, reasons } from '../../../src/reason.ts'
import { refusalText } from '../../../src/web/posting/verdict.ts'
import { english } from '../../../src/web/words/english.ts'
import { german } from '../../../src/web/words/german.ts'

/** Reasons for which an article from the form is never refused, so that the server's own text will do. */
const unmet: readonly ReasonName[] = [
  // The form writes the octets and the fields itself.
  'bare-cr',
  'bare-lf',
  'nul',
  'not-dot-stuffed',
  'open-line',
  'too-many-headers',
  'no-body-separator',
  'bad-header',
  'empty-header',
  'duplicate-header',
  'missing-header',
  'message-id-mismatch',
  'bad-message-id',
  'bad-date',
  'bad-path',
  'bad-distribution',
  'bad-expires',
  'system-header',
  'obsolete-header',
  'posted-path',
  'path-loop',
  'path-too-long',
  'too-old',
  'future',
  // Of peers, imports and accounts.
  'unwanted-newsgroup',
  'unwanted-distribution',
  'unwanted-by-peer-rule',
  'number-taken',
  'certificate-taken',
  // Of connections.
  'throttled',
  // Mailed to the moderator instead, or led to the page that says so.
  'unapproved',
  'held-already',
]

describe('web: refusals', () => {
  it('have words for every reason that a form can meet', () => {
    const said = Object.keys(english.refusals)
    const left = Object.keys(reasons).filter(name => !said.includes(name))
    expect(left.sort()).to.deep.equal([...unmet].sort())
  })

  it('name what they are about, and hide what it may hold', () => {
    const closed = new Reason('group-closed', 'a.b\u202e')
    expect(refusalText(closed, english)).to.match(/Nobody can post to a\.b.+ here\.$/)
    expect(refusalText(closed, english)).not.to.contain('\u202e')
    const renamed = new Reason('group-renamed', '"a.b" has been renamed to "a.c"')
    expect(refusalText(renamed, german)).to.contain('heißt jetzt anders: a.b → a.c.')
    expect(refusalText(new Reason('nul'), german)).to.contain('Der Server sagt: NUL octet in article.')
  })
})
