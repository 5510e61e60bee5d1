/** Invitations: links that let others register, and who came by them. */
import { z } from 'zod'
import { type AccountName, accountName } from '../../account.ts'
import { accountShelf } from '../../storage/state/shelves.ts'
import type { TicketKind } from '../people/tickets.ts'
import type { Site } from '../site.ts'

export interface Invite {
  /** The account that invites. */
  readonly by: string
  /** How many may still come. */
  readonly left: number
}

export const inviteKind: TicketKind<Invite> = {
  name: 'invite',
  holds: z.object({ by: z.string(), left: z.int().positive() }),
}

/** Of one account, that are good at a time. */
const mostInvites = 20
/** How many one may let in, and seconds it is good at most. */
export const mostGuests = 50
export const longestInvite = 30 * 86_400

const prefix = 'invite:'
const rowSchema = z.object({
  /** Milliseconds since 1970. */
  made: z.number(),
  until: z.number(),
  guests: z.int(),
  /** Accounts that came by it. */
  came: z.array(z.string()),
})

export interface InviteLine extends Readonly<z.infer<typeof rowSchema>> {
  readonly id: string
}

/** Those that an account has made, the newest first. */
export async function invitesOf(site: Site, account: string): Promise<readonly InviteLine[]> {
  const lines: InviteLine[] = []
  for await (const rows of site.shelves.list(accountShelf(account), prefix))
    for (const { name, value } of rows) {
      const row = rowSchema.safeParse(JSON.parse(value.toString())).data
      if (row !== undefined) lines.push({ id: name.slice(prefix.length), ...row })
    }
  return lines.sort((one, other) => other.made - one.made)
}

interface Inviting {
  readonly guests: number
  readonly seconds: number
}

/** The token, which is shown once; undefined where the account has enough of them. */
export function invite(site: Site, by: AccountName, inviting: Inviting): Promise<string | undefined> {
  return inTurn(site, by, () => makeInvite(site, by, inviting))
}

async function makeInvite(site: Site, by: AccountName, { guests, seconds }: Inviting) {
  const now = site.clock.now()
  const good = (await invitesOf(site, by)).filter(line => line.until > now && line.came.length < line.guests)
  if (good.length >= mostInvites) return undefined
  const token = await site.tickets.issue(inviteKind, { by, left: guests }, seconds)
  const row = { made: now, until: now + seconds * 1000, guests, came: [] }
  await keep(site, by, { id: site.tickets.idOf(token), row })
  site.audit.record('invite', { account: by, guests })
  return token
}

/** What a token is good for; undefined also where whoever made it has no account any more, or may not log in. */
export async function goodInvite(site: Site, token: string): Promise<Invite | undefined> {
  const holds = await site.tickets.look(inviteKind, token)
  return holds && (await isVouchedFor(site, holds.by, site.tickets.idOf(token))) ? holds : undefined
}

/** The row goes with its account: a later one of that name has invited nobody. */
export async function isVouchedFor({ accounts, shelves }: Site, by: string, id: string): Promise<boolean> {
  const name = accountName(by)
  const account = name && (await accounts.find(name))
  return account?.disabled !== true && (await shelves.load(accountShelf(by), prefix + id)) !== undefined
}

/** Nobody comes by it any more; who came is still known. */
export async function revoke(site: Site, by: AccountName, id: string): Promise<void> {
  await change(site, { by, id }, async row => {
    await site.tickets.end(id)
    site.audit.record('invite-revoked', { account: by })
    return { ...row, until: Math.min(row.until, site.clock.now()) }
  })
}

/** Somebody came. */
export async function noteGuest(
  site: Site,
  by: string,
  guest: { readonly id: string; readonly name: string },
) {
  await change(site, { by, id: guest.id }, async row => ({ ...row, came: [...row.came, guest.name] }))
}

type Row = Omit<InviteLine, 'id'>

/** Nothing where there is no such invitation. */
function change(
  site: Site,
  { by, id }: { readonly by: string; readonly id: string },
  changed: (row: Row) => Promise<Row>,
): Promise<void> {
  return inTurn(site, by, async () => {
    const line = (await invitesOf(site, by)).find(each => each.id === id)
    if (line === undefined) return
    const { id: _, ...row } = line
    await keep(site, by, { id, row: await changed(row) })
  })
}

/** Invitations of one account are counted and changed one at a time. */
const inTurn = <R>({ tickets }: Site, by: string, work: () => Promise<R>): Promise<R> =>
  tickets.alone(`invitations of ${by}`, work)

function keep(
  site: Site,
  account: string,
  { id, row }: { readonly id: string; readonly row: Row },
): Promise<void> {
  const changes = new Map([[prefix + id, Buffer.from(JSON.stringify(row))]])
  return site.shelves.save(accountShelf(account), changes)
}
