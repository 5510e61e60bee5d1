import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { RunningSite } from '../support/running-site.ts'

const peer = '[[peer]]\nname = "peer.example"\nfrom = ["127.0.0.1"]\naccept = "*"\n'
const rule = '[[control]]\nfrom = "*@far.example"\ngroups = "far.*"\naction = "apply"\nunsigned = true\n'

const bringing = (id: string, control: string, body = '', from = 'control@far.example') => `
      C: IHAVE ${id}
      S: 335 *
      C: Path: peer.example!x
      C: From: ${from}
      C: Newsgroups: far.announce
      C: Subject: cmsg ${control}
      C: Date: ${new Date().toUTCString().replace('GMT', '+0000')}
      C: Message-ID: ${id}
      C: Control: ${control}
      C: Approved: ${from}
      C:${body
        .split('\n')
        .map(line => `\n      C: ${line}`)
        .join('')}
      C: .
      S: 235 *`

describe('control messages about newsgroups, on a whole node', function () {
  this.timeout(60_000)

  it('come from a peer and are seen by readers, in the metrics and on record, from a reload on', async () => {
    await using site = await RunningSite.start('news.example', peer)
    const far = await site.connect()
    await far.play(bringing('<1@far.example>', 'newgroup far.early'))
    site.write(`${peer}${rule}`)
    expect((await site.run(['reload'])).code).to.equal(0)
    const info = 'For your newsgroups file:\nfar.talk\tTalk of far things (Moderated)'
    await far.play(`${bringing('<2@far.example>', 'newgroup far.talk moderated', info)}
      ${bringing('<3@far.example>', 'newgroup near.talk')}
      ${bringing('<4@far.example>', 'newgroup far.forged', '', 'a@other.example')}
      ${bringing('<5@far.example>', 'newgroup far.Bad')}
      ${bringing('<6@far.example>', 'newgroup far.last')}`)
    // Nobody is told when one was acted on: the last one is asked for until it is counted.
    let counted: string[] = []
    while (!counted.some(line => line.endsWith('"applied"} 2')))
      counted = (await site.metrics()).split('\n').filter(line => line.startsWith('tidings_control_m'))
    await far.play(`
      C: LIST NEWSGROUPS far.*
      S: 215 *
      S: far.talk\tTalk of far things (Moderated)
      S: .
      C: LIST ACTIVE far.talk
      S: 215 *
      S: far.talk 0 1 m
      S: .
      C: LIST ACTIVE.TIMES far.talk
      S: 215 *
      S: far.talk * control@far.example
      S: .
      C: QUIT
      S: 205 *`)
    expect(counted.map(line => line.replace('tidings_control_messages_total', '')).sort()).to.deep.equal([
      '{type="newgroup",outcome="applied"} 2',
      '{type="newgroup",outcome="ignored"} 2',
      '{type="newgroup",outcome="refused"} 1',
    ])
    await site.end()
    const audit = readFileSync(join(site.folder, 'data/audit/audit.log'), 'utf8').split('\n')
    const lines = audit.filter(line => line.includes('"event":"control"')).map(line => JSON.parse(line))
    expect(lines.map(it => `${it.about} ${it.result} ${it.reason ?? it.source}`)).to.deep.equal([
      'far.talk applied peer:peer.example',
      'far.Bad refused no name that a message may create',
      'far.last applied peer:peer.example',
    ])
  })
})
