/** Which groups an article goes to, and whether it may. RFC 5536 3.1.4, 3.2.6; RFC 5537 3.5, 3.6, 3.7.5; RFC 6048 3.1 */
import { isReserved, parseNewsgroups } from '../../newsgroup.ts'
import { Reason } from '../../reason.ts'
import type { Case, Check } from './check.ts'

/** Notes the groups. Names that cannot be are passed over, as INN does, unless a poster wrote them. */
export function hasGoodNewsgroups({ article, origin, facts, draft }: Case): Reason | undefined {
  const { groups, bad } = parseNewsgroups(article.header('Newsgroups') ?? '')
  if (groups.length === 0) return new Reason('bad-newsgroups', bad[0] ?? '')
  if (origin.kind === 'post') {
    // RFC 5536 3.1.4: poster, control.*, to.* and their like are not for articles.
    const wrong = bad[0] ?? groups.find(isReserved)
    if (wrong !== undefined) return new Reason('bad-newsgroups', wrong)
  }
  if (origin.kind !== 'import') {
    const { groups_posted, groups_relayed } = facts.config.limits
    const limit = origin.kind === 'post' ? groups_posted : groups_relayed
    if (groups.length + bad.length > limit) return new Reason('too-many-groups', String(limit))
  }
  draft.newsgroups = groups
  return undefined
}

/**
 * From a peer only the groups it may feed are filed, so that a crosspost opens no door to the others; there must be
 * one of them. Groups nobody knows here are refused for every peer. RFC 5537 3.6
 */
export function isWantedFromPeer({ origin, facts, draft }: Case): Reason | undefined {
  if (origin.kind !== 'peer') return undefined
  // RFC 5537 5.2: a newgroup message names the group it is about to create; `apply` files it under control.
  const { newsgroups } = draft
  const { accepts } = origin.source
  const anyName = draft.control && draft.withdrawn === undefined
  let known: string | undefined
  let wanted = false
  let acceptsAll = true
  for (const name of newsgroups) {
    const accepted = accepts(name)
    acceptsAll &&= accepted
    if (!anyName && !isTaken(facts, name)) continue
    known ??= name
    wanted ||= accepted
  }
  if (known === undefined) return new Reason('unwanted-newsgroup', newsgroups[0])
  if (!acceptsAll) draft.newsgroups = newsgroups.filter(accepts)
  return wanted ? undefined : new Reason('unwanted-by-peer-rule', known)
}

/** RFC 6048 3.1: x takes nothing from peers either; an alias stands for a group that must be here. */
function isTaken(facts: Case['facts'], name: string): boolean {
  const status = facts.group(name)?.status
  if (status === undefined || status === 'x') return false
  return !status.startsWith('=') || facts.group(status.slice(1)) !== undefined
}

/**
 * What names a private group stays here, so it may name no other: its readers elsewhere would miss it, and a change of
 * the configuration could let it out. An import is taken as it is. The names count, whether the groups are here or not.
 */
export function keepsPrivateApart({ origin, facts, draft }: Case): Reason | undefined {
  const { isPrivate } = facts
  const shut = isPrivate && draft.newsgroups.find(isPrivate)
  if (shut === undefined) return undefined
  draft.private = true
  if (origin.kind === 'import' || draft.newsgroups.every(name => isPrivate?.(name))) return undefined
  return new Reason('private-crosspost', shut)
}

/** A group that is hidden from the poster is to him as one that is not here: nothing is filed in it. RFC 5537 3.5 */
export function isPostedWhereSeen({ origin, draft }: Case): Reason | undefined {
  if (origin.kind !== 'post' || origin.poster.maySee === undefined) return undefined
  const seen = draft.newsgroups.filter(origin.poster.maySee)
  if (seen.length === 0) return new Reason('no-valid-newsgroup', draft.newsgroups.join(','))
  draft.newsgroups = seen
  return undefined
}

/** RFC 5537 3.5: a poster's article names at least one group of this server. */
export function isPostedToKnownGroup({ facts, draft }: Case): Reason | undefined {
  if (draft.newsgroups.some(name => facts.group(name) !== undefined)) return undefined
  return new Reason('no-valid-newsgroup', draft.newsgroups.join(','))
}

/** RFC 6048 3.1: n, x and j take no posts, an alias is posted to under its new name. */
export function isOpenToPosts({ origin, facts, draft }: Case): Reason | undefined {
  for (const name of draft.newsgroups) {
    const status = facts.group(name)?.status ?? 'y'
    const target = status.startsWith('=') ? status.slice(1) : undefined
    if (target !== undefined && (origin.kind !== 'post' || origin.poster.maySee?.(target) !== false))
      return new Reason('group-renamed', `"${name}" has been renamed to "${target}"`)
    if (status !== 'y' && status !== 'm') return new Reason('group-closed', name)
  }
  return undefined
}

/** RFC 5537 3.5: every group of this server that the article names must be open to the poster. */
export function isPostedWithRight({ origin, facts, draft }: Case): Reason | undefined {
  if (origin.kind !== 'post') return undefined
  const shut = draft.newsgroups.find(name => facts.group(name) !== undefined && !origin.poster.mayPost(name))
  return shut === undefined ? undefined : new Reason('posting-forbidden', shut)
}

/** RFC 5537 3.7.5: only moderators approve; a control message acts like one. INN says it so. */
export function isApprovedWithRight({ article, origin, facts, draft }: Case): Reason | undefined {
  if (origin.kind !== 'post') return undefined
  const approved = article.count('Approved') > 0
  if (!approved && (!draft.control || mayTakeBack({ article, origin, draft }))) return undefined
  const known = draft.newsgroups.filter(name => facts.group(name) !== undefined)
  const moderated = known.filter(name => isModerated(facts, name))
  const concerned = moderated.length > 0 ? moderated : known
  if (concerned.every(name => origin.poster.mayApprove(name))) return undefined
  return new Reason(approved ? 'approved-forbidden' : 'control-forbidden')
}

/** RFC 5537 5.3: whoever can be known as the author may cancel; `apply` sees whether he is. */
function mayTakeBack({ article, origin, draft }: Pick<Case, 'article' | 'origin' | 'draft'>): boolean {
  if (draft.withdrawn?.how !== 'cancel' || origin.kind !== 'post') return false
  return origin.poster.account !== '' || article.count('Cancel-Key') > 0
}

/** RFC 5537 3.6, 3.7.5: an article for a moderated group without Approved is refused whoever brings it. */
export const isApprovedWhereModerated: Check = ({ article, facts, draft }) => {
  if (article.count('Approved') > 0) return undefined
  for (const name of draft.newsgroups) if (isModerated(facts, name)) return new Reason('unapproved', name)
  return undefined
}

/** An alias is as moderated as the group it stands for. */
export function isModerated(facts: Pick<Case['facts'], 'group'>, name: string): boolean {
  const status = facts.group(name)?.status ?? ''
  return status === 'm' || (status.startsWith('=') && facts.group(status.slice(1))?.status === 'm')
}

/** RFC 5536 3.2.6: `poster` stands alone and means mail; otherwise a list of groups. */
export function hasGoodFollowupTo({ article }: Case): Reason | undefined {
  const header = article.header('Followup-To')
  if (header === undefined || header === 'poster') return undefined
  const { groups, bad } = parseNewsgroups(header)
  const good = bad.length === 0 && groups.length > 0 && !groups.some(isReserved)
  return good ? undefined : new Reason('bad-followup-to', header)
}
