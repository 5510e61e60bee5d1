/** Five nodes in a ring, each a process of its own: articles come in at three of them, and a fourth is killed meanwhile. */
import { expect } from 'chai'
import { RingNode, settled, streamed } from '../support/ring-node.ts'
import { temporaryDirectory } from '../support/temporary-directory.ts'

/** More with TIDINGS_RING. */
const articles = Number(process.env.TIDINGS_RING ?? 2000)
const size = 5
const groups = ['local.a', 'local.b', 'local.c']

interface Share {
  readonly node: RingNode
  readonly ids: readonly string[]
}

const numbered = (count: number, from: number) =>
  Array.from({ length: count }, (_, at) => `<${from + at}@ring.example>`)

describe('five nodes in a ring', function () {
  this.timeout(120_000 + articles * 20)

  it(`bring ${articles} articles everywhere once, though one is killed in the middle`, async () => {
    await using directory = await temporaryDirectory()
    const nodes = Array.from({ length: size }, (_, at) => new RingNode(directory.path, { at, groups }))
    const [first, killed, third, fourth] = nodes
    if (!first || !killed || !third || !fourth) throw new Error('five')
    try {
      await Promise.all(nodes.map(node => node.start()))
      await Promise.all(nodes.map(node => node.join(nodes)))
      const each = Math.floor(articles / 3)
      const shares: Share[] = [
        { node: first, ids: numbered(each, 0) },
        { node: third, ids: numbered(each, each) },
        { node: fourth, ids: numbered(articles - 2 * each, 2 * each) },
      ]
      await feedAndKill(shares, { killed, neighbours: [first, third] })
      for (const node of nodes) await settled(node, articles)

      const wanted = shares.flatMap(({ ids }) => ids).sort()
      for (const node of nodes) {
        const found = await node.messageIds()
        expect(found.length, `${node.name}: listed`).to.equal(articles)
        expect([...new Set(found)].sort(), node.name).to.deep.equal(wanted)
        // One arrival for each group and each article: nothing was stored twice.
        expect(await node.newestArrival(), node.name).to.equal(groups.length + articles)
      }
      await report(nodes)
    } finally {
      for (const node of nodes) await node.end()
    }
  })
})

/** The ring stays joined the other way round while one is down. */
async function feedAndKill(
  shares: readonly Share[],
  { killed, neighbours }: { readonly killed: RingNode; readonly neighbours: readonly RingNode[] },
): Promise<void> {
  const part = (from: number, to: number) =>
    Promise.all(
      shares.map(({ node, ids }) =>
        streamed(node, { ids: ids.slice(ids.length * from, ids.length * to), groups }),
      ),
    )
  await part(0, 0.3)
  const meanwhile = part(0.3, 0.6)
  await killed.kill()
  await meanwhile
  const rest = part(0.6, 1)
  await killed.start()
  for (const node of neighbours) await node.flush(killed)
  await rest
}

async function report(nodes: readonly RingNode[]): Promise<void> {
  let useful = 0
  let late = 0
  let declined = 0
  for (const node of nodes)
    for (const { name, in: received } of await node.peers()) {
      if (name === 'feeder.example') continue
      useful += received.useful
      late += received.late
      declined += received.duplicate
    }
  const least = articles * (nodes.length - 1)
  console.log(
    `      ${articles} articles on ${nodes.length} nodes: ${useful + late} transfers where ${least} are enough, ` +
      `${declined} offers declined, 1 node killed, lost 0, stored twice 0`,
  )
}
