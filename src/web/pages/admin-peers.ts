/** `/admin/peers/`: how the feeds stand, and buttons to start, stop and flush them. */
import { visibleLine } from '../../article-text/visible.ts'
import { adminPeersAddress } from '../addresses.ts'
import { done } from '../admin/act.ts'
import { officePage, pressed, withOffice } from '../admin/office-page.ts'
import type { Office, PeerState } from '../office.ts'
import type { OfficeRow } from '../shown/office.ts'
import type { Answer, Site, Visit } from '../site.ts'

const acts = ['start', 'stop', 'flush'] as const

export const peersPage = withOffice((site, visit, office) => page(site, visit, { office }))

export const changePeer = withOffice(async (site, visit, office) => {
  const wish = pressed(visit.form, acts)
  const { peers } = office.control
  if (wish === undefined) return page(site, visit, { office, alert: visit.words.admin.unknown })
  const { act, of: name } = wish
  const alert = await done(site, visit, {
    office,
    cmd: `peer.${act}`,
    args: { name },
    run: async () => peers[act](name),
  })
  return alert === undefined
    ? { kind: 'redirect', status: 303, to: adminPeersAddress }
    : page(site, visit, { office, alert })
})

interface Showing {
  readonly office: Office
  readonly alert?: string
}

async function page(site: Site, visit: Visit, { office, alert }: Showing): Promise<Answer> {
  const { admin } = visit.words
  const peers = await office.control.peers.list()
  const { columns } = admin
  return officePage(site, visit, {
    heading: admin.peers,
    here: adminPeersAddress,
    alert,
    columns: [
      columns.name,
      columns.state,
      columns.connections,
      columns.waiting,
      columns.lag,
      columns.sent,
      columns.taken,
      columns.error,
    ],
    rows: peers.map(peer => rowOf(peer, visit)),
    empty: peers.length === 0 ? admin.noPeers : '',
    data: { peers },
  })
}

function rowOf(peer: PeerState, { words }: Visit): OfficeRow {
  const { admin, number, span } = words
  const name = visibleLine(peer.name)
  const { out } = peer
  const sent =
    out === undefined
      ? [admin.notFed, number(peer.in.links.length), '', '', '']
      : [
          admin.states.get(out.state) ?? visibleLine(out.state),
          number(out.connections + peer.in.links.length),
          number(out.waiting),
          span(out.lag),
          admin.rate(number(out.rate)),
        ]
  const able =
    out === undefined ? [] : out.state === 'stopped' ? (['start'] as const) : (['flush', 'stop'] as const)
  return {
    text: name,
    to: '',
    cells: [...sent, admin.rate(number(peer.in.rate)), visibleLine(out?.lastError ?? '')],
    buttons: able.map(act => ({
      act,
      of: peer.name,
      text: admin.acts[act],
      about: admin.about(admin.acts[act], name),
    })),
  }
}
