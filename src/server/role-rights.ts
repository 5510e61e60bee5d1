/** What the roles of an account allow, whatever the rules of `[[access]]` say of groups. */
import type { Role } from '../client.ts'

export interface RoleRights {
  readonly read: boolean
  readonly post: boolean
  readonly approve: boolean
  /** May feed us, as the peer that names the account. */
  readonly feed: boolean
  /** Everything an administrator does. */
  readonly control: boolean
}

const none: RoleRights = { read: false, post: false, approve: false, feed: false, control: false }

const byRole: Readonly<Record<Role, Partial<RoleRights>>> = {
  reader: { read: true },
  poster: { read: true, post: true },
  moderator: { read: true, approve: true },
  peer: { feed: true },
  admin: { read: true, control: true },
}

export const rightsOf = (roles: Iterable<Role>): RoleRights =>
  Object.assign({}, none, ...[...roles].map(role => byRole[role]))
