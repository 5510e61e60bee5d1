/** How somebody comes to an account here, and the last step of it. */
import { z } from 'zod'
import { type AccountChange, accountName, provenAs } from '../../account.ts'
import { isLoopback } from '../../address.ts'
import type { ProvenAccount } from '../../client.ts'
import { isElsewhere } from '../people/people-site.ts'
import type { TicketKind } from '../people/tickets.ts'
import type { Site, Visit } from '../site.ts'
import { type Invite, inviteKind, isVouchedFor, noteGuest } from './invites.ts'
import { makeAccount, type NewAccount, usualRoles } from './new-account.ts'

/** Seconds that the link in a letter is good. */
export const letterSeconds = 86_400

const registrationSchema = z.object({
  name: z.string(),
  address: z.string(),
  password: z.string(),
  scram: z.string(),
  /** The token of an invitation; empty = none. */
  invite: z.string(),
  /** The form token of the browser where it was typed. */
  browser: z.string(),
})

/** What was typed, until the link in the letter is opened. */
export type Registration = Readonly<z.infer<typeof registrationSchema>>

export const registrationKind: TicketKind<Registration> = { name: 'registration', holds: registrationSchema }

/** By a letter or at once; or why nobody can register. */
export type Way = 'letter' | 'atOnce' | 'closed' | 'invitedOnly' | 'ask'

/** Where names are given elsewhere, whoever took one here would be its owner in the rules of access. */
const isClosed = ({ config }: Site): boolean =>
  config().web.registration === 'closed' || isElsewhere(config())

export function wayOf(site: Site, { client }: Visit, invite: Invite | undefined): Way {
  const { registration } = site.config().web
  if (isClosed(site)) return 'closed'
  if (registration === 'invite' && invite === undefined) return 'invitedOnly'
  if (site.letters.possible) return 'letter'
  // Whoever invites vouches for whoever comes.
  return isLoopback(client.address) || invite !== undefined ? 'atOnce' : 'ask'
}

export interface Completing {
  readonly name: string
  readonly hash: AccountChange
  readonly mail: NonNullable<NewAccount['mail']>
  readonly invite: string
}

/** The account that was made, or what is in the way. */
export type Completed = ProvenAccount | 'taken' | 'uninvited' | 'later'

export async function complete(site: Site, visit: Visit, completing: Completing): Promise<Completed> {
  const { invite } = completing
  if (isClosed(site)) return 'uninvited'
  const id = site.tickets.idOf(invite)
  const guest = await site.tickets.use<Invite, Completed>(inviteKind, invite, async holds => {
    if (!(await isVouchedFor(site, holds.by, id))) return { result: 'uninvited', ticket: 'spent' }
    const result = await make(site, visit, { ...completing, invitedBy: holds.by })
    if (typeof result === 'string') return { result, ticket: 'keep' }
    await noteGuest(site, holds.by, { id, name: result.name })
    return { result, ticket: holds.left > 1 ? { holds: { ...holds, left: holds.left - 1 } } : 'spent' }
  })
  if (guest !== undefined && guest !== 'uninvited') return guest
  if (site.config().web.registration !== 'open') return 'uninvited'
  return make(site, visit, completing)
}

async function make(
  site: Site,
  { client }: Visit,
  { name: text, hash, mail, invitedBy }: Completing & Pick<NewAccount, 'invitedBy'>,
): Promise<Completed> {
  const name = accountName(text)
  if (name === undefined) return 'taken'
  const outcome = await makeAccount(site, {
    name,
    hash,
    mail,
    roles: usualRoles,
    registered: true,
    from: client.address,
    ...(invitedBy !== undefined && { invitedBy }),
  })
  if (outcome.kind === 'stored') return provenAs(outcome.account)
  return outcome.kind === 'deferred' ? 'later' : 'taken'
}
