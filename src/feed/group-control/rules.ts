/** Which `[[control]]` rule counts for a control message. */
import type { ControlRule } from '../../config/sections/control.ts'
import { Wildmat } from '../../wildmat.ts'
import type { GroupRequest } from './request.ts'

export interface CompiledRule extends Omit<ControlRule, 'groups' | 'from'> {
  readonly matches: (about: Issued) => boolean
  /** Whether a message that it counts for may touch this group. */
  readonly allows: (name: string) => boolean
}

export interface Issued {
  readonly type: GroupRequest['type']
  /** In lower case. */
  readonly from: string
  readonly groups: readonly string[]
}

/** The first that matches counts. */
export function compileRules(rules: readonly ControlRule[]): readonly CompiledRule[] {
  return rules.map(({ groups, from, ...rule }) => {
    const pattern = Wildmat.parse(groups)
    const addresses = Wildmat.parse(from.toLowerCase())
    const allows = (name: string) => pattern?.matches(name) === true
    const isOf = (type: string) => rule.type === 'all' || rule.type === type
    return {
      ...rule,
      allows,
      matches: about =>
        isOf(about.type) && addresses?.matches(about.from) === true && about.groups.some(allows),
    }
  })
}

/** The groups that a message names. */
export const groupsOf = (request: GroupRequest): readonly string[] =>
  request.type === 'checkgroups'
    ? [...request.scope, ...request.groups.map(({ name }) => name)]
    : [request.group]
