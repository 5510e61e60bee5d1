/** Why a client may or may not do something in a newsgroup, for `tidings access explain`. */
import type { Client } from '../../client.ts'
import type { AccessRule, Config } from '../../config/config.ts'
import { Wildmat } from '../../wildmat.ts'
import { AccessRules } from '../access.ts'
import type { Access, AccessLimits } from '../session.ts'

export interface AccessVerdict {
  readonly allowed: boolean
  /** What decides, in words. */
  readonly why: string
}

export interface AccessReport {
  /** The rule of [[access]] that counts, from 0; -1 where none does. */
  readonly rule: number
  readonly read: AccessVerdict
  readonly post: AccessVerdict
  readonly approve: AccessVerdict
  /** What is posted there waits for an administrator. */
  readonly held: boolean
  readonly limits: AccessLimits
  /** The rule of [[hierarchy]] that counts for the group, from 0; -1 where none does. */
  readonly hierarchy: number
  readonly labels: readonly string[]
  readonly private: boolean
  /** Which peer the client is; empty where none. */
  readonly peer: string
  readonly loginHelps: boolean
}

export function reportAccess(config: Config, client: Client, group: string): AccessReport {
  const rules = new AccessRules(config)
  const access = rules.for(client)
  const index = rules.ruleOf(client)
  const rule = config.access[index]
  const { labels, private: isPrivate } = rules.hierarchies.of(group)
  const denied = rule?.deny_labels.find(label => labels.includes(label))
  const verdict = (name: 'read' | 'post' | 'approve'): AccessVerdict => {
    const allowed = mayOf(access)[name](group)
    return { allowed, why: allowed ? `${name} = "${rule?.[name]}"` : refusal(name, { rule, group, denied }) }
  }
  return {
    rule: index,
    read: verdict('read'),
    post: verdict('post'),
    approve: verdict('approve'),
    held: access.poster.holds?.(group) === true,
    limits: access.limits ?? {},
    hierarchy: rules.hierarchies.ruleOf(group),
    labels,
    private: isPrivate,
    peer: access.source?.peer ?? '',
    loginHelps: access.loginHelps === true,
  }
}

function mayOf({ mayRead, poster }: Access) {
  return { read: mayRead, post: poster.mayPost, approve: poster.mayApprove }
}

interface Refused {
  readonly rule: AccessRule | undefined
  readonly group: string
  readonly denied: string | undefined
}

function refusal(name: 'read' | 'post' | 'approve', { rule, group, denied }: Refused): string {
  if (rule === undefined) return 'no [[access]] rule is for this client'
  const pattern = rule[name]
  if (Wildmat.parse(pattern)?.matches(group) !== true) return `${name} = "${pattern}" does not match`
  if (denied !== undefined) return `deny_labels has "${denied}"`
  return 'no role of the account allows it'
}
