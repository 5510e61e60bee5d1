import { join } from 'node:path'
import { expect } from 'chai'
import { Site } from './fake-node.ts'
import { FakeProcess } from './fake-process.ts'

const progress = {
  octetsDone: 50,
  octetsTotal: 100,
  articles: 10,
  accepted: 9,
  duplicates: 1,
  refused: 0,
  refusedFor: [],
  rate: 5,
}

describe('tidings import', () => {
  let site: Site
  beforeEach(async () => {
    site = await Site.open()
  })
  afterEach(() => site[Symbol.asyncDispose]())

  it('asks the node with absolute paths, and shows the result', async () => {
    site.node.progress = [progress, { ...progress, octetsDone: 100, articles: 2_000, accepted: 1_999 }]
    const { code, out, err } = await site.run([
      'import',
      site.config,
      '.',
      '--format',
      'spool',
      '--group',
      'local.test',
      '--create-groups',
      '--keep-numbers',
      '--dry-run',
    ])
    expect(code).to.equal(0)
    expect(out).to.equal('2,000 articles: 1,999 would be accepted, 1 there already, 0 would be refused\n')
    expect(err).to.equal('')
    expect(site.node.imported).to.deep.equal({
      paths: [site.config, process.cwd()],
      format: 'spool',
      group: 'local.test',
      createGroups: true,
      keepNumbers: true,
      dryRun: true,
    })
  })

  it('ends with 65 where an article was refused', async () => {
    site.node.progress = [{ ...progress, refused: 2 }]
    const { code, err } = await site.run(['import', site.config])
    expect(code).to.equal(65)
    expect(err).to.contain('--rejects FILE')
    const kept = await site.run(['import', site.config, '--rejects', 'r', '--json'])
    expect(kept).to.include({ code: 65, err: '' })
    expect(JSON.parse(kept.out)).to.have.property('refused', 2)
    expect(site.node.imported?.rejects).to.equal(join(process.cwd(), 'r'))
  })

  it('says why articles were refused, and what lets them in', async () => {
    const nameless = 'Missing required Newsgroups header field'
    const refusedFor = [
      { reason: 'missing-header', text: nameless, articles: 1_200, where: '/a.mbox:1' },
      { reason: 'bad-date', text: 'Bad Date', articles: 1, where: '/a.mbox:7' },
    ]
    site.node.progress = [{ ...progress, refused: 1_203, refusedFor }]
    const { err } = await site.run(['import', site.config, '--rejects', 'r'])
    expect(err).to.equal(
      [
        `    1,200  ${nameless}, first /a.mbox:1`,
        '        1  Bad Date, first /a.mbox:7',
        '        2  for other reasons',
        '--group NAME says where articles go that name no newsgroup, such as mail.',
        '',
      ].join('\n'),
    )
  })

  it('advises no option that was given', async () => {
    const unwanted = { reason: 'unwanted-newsgroup', text: 'Unwanted', articles: 1, where: '/a' }
    site.node.progress = [{ ...progress, refused: 1, refusedFor: [unwanted] }]
    const words = ['import', site.config, '--rejects', 'r']
    expect((await site.run(words)).err).to.contain('--create-groups creates')
    const { err } = await site.run([...words, '--create-groups'])
    expect(err).to.contain('reserved names').and.not.contain('creates')
  })

  it('asks the node for no newsgroup that cannot be one', async () => {
    expect(await site.run(['import', site.config, '--group', 'local.test,bad..name'])).to.deep.equal({
      code: 64,
      out: '',
      err: 'tidings: --group: bad..name is no newsgroup name\n',
    })
    expect(site.node.imported).to.equal(undefined)
  })

  it('draws a bar with rate and time left on a terminal', async () => {
    site.node.progress = [progress]
    const around = new FakeProcess({ terminal: true })
    expect((await site.run(['import', site.config], around)).code).to.equal(0)
    expect(around.stderr.text).to.match(/={16}-{16} 50% {2}10 articles, 5\/s {2}.* left/)
  })

  it('is stopped by Ctrl-C, in the node too', async () => {
    site.node.progress = [progress]
    site.node.hang = true
    const around = new FakeProcess({ terminal: true })
    const importing = site.run(['import', site.config], around)
    await around.stderr.shows('10 articles')
    around.send('SIGINT')
    expect((await importing).code).to.equal(130)
  })

  it('does not ask for files that are not there', async () => {
    expect(await site.run(['import', '/nowhere'])).to.include({ code: 65 })
    expect(site.node.imported).to.equal(undefined)
  })
})
