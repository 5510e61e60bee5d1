import { expect } from 'chai'
import { needs } from '../support/needs.ts'
import { runClient } from '../support/news-client.ts'
import { type NodeProcess, nodeProcess } from '../support/node-process.ts'

const settings = '\nauth = { plaintext_from = ["127.0.0.1"] }\n'
/** What an outsider may not see: a name with a blank, and a password that the shell would mind. */
const name = 'fred flint'
const password = "two words; 'x'"

const python = `
import nntplib, sys
server = nntplib.NNTP("127.0.0.1", int(sys.argv[1]), timeout=20)
try:
    server.login("fred flint", "wrong")
except nntplib.NNTPError as error:
    print(error)
server.login("fred flint", sys.argv[2])
print(sorted(server.getcapabilities()))
print(server.group("local.other")[0])
server.quit()
`
const perl = `
use strict; use warnings; use Net::NNTP;
my $server = Net::NNTP->new(Host => '127.0.0.1', Port => $ARGV[0], Timeout => 20) or die;
print $server->authinfo('fred flint', 'wrong') ? "in\\n" : "out\\n";
print $server->authinfo('fred flint', $ARGV[1]) ? "in\\n" : "out\\n";
my @group = $server->group('local.other');
print "$group[3]\\n";
$server->quit;
`

async function withAccount(): Promise<NodeProcess> {
  const node = await nodeProcess(settings)
  await node.run(['user', 'add', name, '--password-stdin'], `${password}\n`)
  return node
}

describe('login of other programs', function () {
  this.timeout(120_000)

  it('works with Python nntplib', async function () {
    needs(this, {
      probe: ['python3', '-W', 'ignore', '-c', 'import nntplib'],
      debian: 'python3 (up to 3.12)',
    })
    await using node = await withAccount()
    const out = await runClient(node, ['python3', '-W', 'ignore', '-c', python, `${node.port}`, password])
    const [refused, capabilities, group] = out.split('\n')
    expect(refused).to.match(/^481 /)
    expect(capabilities).to.contain("'POST'").and.not.contain('AUTHINFO')
    expect(group).to.match(/^211 /)
  })

  it('works with Net::NNTP', async function () {
    needs(this, { probe: ['perl', '-MNet::NNTP', '-e', '1'], debian: 'perl' })
    await using node = await withAccount()
    const out = await runClient(node, ['perl', '-e', perl, `${node.port}`, password])
    expect(out).to.equal('out\nin\nlocal.other\n')
  })
})
