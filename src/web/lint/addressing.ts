/** Rules about where an article and the answers to it go. RFC 5536 3.2.6, RFC 5537 3.4.3, RFC 1855 3.1.3 */
import type { Rule } from './writing.ts'

/** Above this a crosspost is seldom read with pleasure. */
const mostGroups = 3

export const manyGroups: Rule = {
  finds: ({ groups }) => (groups.length > mostGroups ? String(groups.length) : undefined),
}

export const openCrosspost: Rule = {
  finds: ({ groups, followupTo }) => (groups.length > 1 && followupTo.length === 0 ? '' : undefined),
  mends: ({ groups }) => ({ followupTo: groups.slice(0, 1) }),
}

/** The author of the parent reads his mail and not the group. */
export const mailWanted: Rule = {
  finds: ({ parent }) => (parent?.wantsMail === true ? '' : undefined),
}
