/** One `[[access]]` rule, compiled: whom it is for, and what it gives. RFC 3977 4.2 */
import { Networks } from '../address-blocks.ts'
import type { ProvenAccount, Role } from '../client.ts'
import type { AccessRule } from '../config/config.ts'
import type { Hierarchies } from '../hierarchies.ts'
import { isControlGroup } from '../newsgroup.ts'
import { Wildmat } from '../wildmat.ts'
import { rightsOf } from './role-rights.ts'

/** Groups that a pattern and the labels leave over. */
export interface Groups {
  readonly text: string
  readonly matches: (group: string) => boolean
  /** Matches every group; may match any at all. */
  readonly all: boolean
  readonly some: boolean
}

export interface Rights {
  readonly read: Groups
  readonly post: Groups
  readonly approve: Groups
}

const noGroups: Groups = { text: '', matches: () => false, all: false, some: false }
export const noRights: Rights = { read: noGroups, post: noGroups, approve: noGroups }

export class CompiledRule {
  readonly rights: Rights
  readonly #from: Networks
  readonly #users: Wildmat | undefined
  readonly #groups: readonly string[]

  constructor(rule: AccessRule, hierarchies: Hierarchies) {
    this.#from = new Networks(rule.from)
    this.#users = Wildmat.parse(rule.users)
    this.#groups = rule.groups
    const shut = shutBy(rule.deny_labels, hierarchies)
    this.rights = {
      read: groups(rule.read, shut),
      post: groups(rule.post, shut),
      approve: groups(rule.approve, shut),
    }
  }

  /** `address` as `plainAddress` gives it. */
  isFrom(address: string): boolean {
    return this.#from.contain(address)
  }

  /** Undefined stands for a reader who is not logged in. */
  isFor(account: Pick<ProvenAccount, 'name' | 'groups'> | undefined): boolean {
    // An empty pattern is for those who are not logged in.
    const named = this.#users?.matches(account?.name ?? '') ?? account === undefined
    return named && (this.#groups.length === 0 || this.#groups.some(name => account?.groups.includes(name)))
  }

  /** Whether it can be for somebody who is logged in, and whether it is for all of them. */
  get forLogins(): 'none' | 'some' | 'all' {
    if (this.#users === undefined) return 'none'
    return this.#users.all && this.#groups.length === 0 ? 'all' : 'some'
  }
}

/** Whether `more` gives something that `rights` does not. A pattern that differs counts as more, unless all is given. */
export function givesMore(more: Rights, rights: Rights): boolean {
  const wider = (one: Groups, other: Groups) => one.some && !other.all && one.text !== other.text
  return wider(more.read, rights.read) || wider(more.post, rights.post) || wider(more.approve, rights.approve)
}

/** The rule says where, the roles of an account say what; who did not log in has what the rule says. */
export function withRoles(rights: Rights, roles: ReadonlySet<Role> | undefined): Rights {
  if (roles === undefined) return rights
  const may = rightsOf(roles)
  return {
    read: may.read ? rights.read : noGroups,
    post: may.post ? rights.post : noGroups,
    approve: may.approve ? rights.approve : noGroups,
  }
}

type Shut = ((group: string) => boolean) | undefined

/** Undefined where no group has one of the labels. */
function shutBy(labels: readonly string[], hierarchies: Hierarchies): Shut {
  const denied = new Set(labels.filter(label => hierarchies.labels.has(label)))
  if (denied.size === 0) return undefined
  return group => hierarchies.of(group).labels.some(label => denied.has(label))
}

function groups(text: string, shut: Shut): Groups {
  const wildmat = Wildmat.parse(text)
  if (wildmat === undefined) return noGroups
  if (shut === undefined && wildmat.all) return { text, matches: () => true, all: true, some: true }
  // Control messages name the groups they are about, so whoever may not read all of those must be let in by name.
  const control = text.split(',').some(pattern => pattern.startsWith('control'))
  const matches = (name: string) =>
    wildmat.matches(name) && shut?.(name) !== true && (control || !isControlGroup(name))
  return { text, matches, all: false, some: true }
}
