/** Small pure checks on an article, each giving a `Reason` or nothing. RFC 5537 3.5, 3.6; RFC 5536 3 */
import type { Article } from '../article.ts'
import type { MessageId } from '../message-id.ts'
import { Reason } from '../reason.ts'
import type { Check, Draft, Facts } from './check/check.ts'
import { hasReadableDates, hasReadableExpires, isInWindow, isPostedInWindow } from './check/dates.ts'
import {
  hasGoodMessageId,
  hasMandatoryFields,
  hasNoEmptyField,
  hasNoLongHeaderLine,
  hasNoRepeatedField,
  noteControl,
} from './check/fields.ts'
import { hasGoodFrom } from './check/from.ts'
import {
  hasGoodFollowupTo,
  hasGoodNewsgroups,
  isApprovedWhereModerated,
  isApprovedWithRight,
  isOpenToPosts,
  isPostedToKnownGroup,
  isPostedWhereSeen,
  isPostedWithRight,
  isWantedFromPeer,
  keepsPrivateApart,
} from './check/groups.ts'
import { hasGoodDistribution, hasGoodPath, isDistributedHere, isNotOurOwn } from './check/route.ts'
import type { Origin } from './origin.ts'

export interface Examined extends Readonly<Draft> {
  readonly messageId: MessageId
}

/** Injection-Date, else Date, seconds since 1970; undefined in an import. */
export const datedBy = ({ injectionDate, date }: Examined): number | undefined => injectionDate ?? date

/** For each kind of origin, in INN's order: the form of the article, its dates, its route, its groups. */
const checks: Readonly<Record<Origin['kind'], readonly Check[]>> = {
  peer: [
    hasMandatoryFields,
    hasNoRepeatedField,
    hasGoodMessageId,
    noteControl,
    hasReadableDates,
    isInWindow,
    hasGoodPath,
    isNotOurOwn,
    hasGoodDistribution,
    isDistributedHere,
    hasGoodNewsgroups,
    keepsPrivateApart,
    // Before the groups are narrowed to those the peer may feed: no moderated group may be slipped past its moderator.
    isApprovedWhereModerated,
    isWantedFromPeer,
  ],
  post: [
    hasNoEmptyField,
    hasMandatoryFields,
    hasNoRepeatedField,
    hasNoLongHeaderLine,
    hasGoodMessageId,
    noteControl,
    hasReadableDates,
    isPostedInWindow,
    hasReadableExpires,
    hasGoodFrom,
    hasGoodPath,
    hasGoodDistribution,
    hasGoodNewsgroups,
    keepsPrivateApart,
    hasGoodFollowupTo,
    isPostedWhereSeen,
    isPostedToKnownGroup,
    isOpenToPosts,
    isPostedWithRight,
    isApprovedWithRight,
    // Last: an article that is only unapproved goes to the moderator. RFC 5537 3.5
    isApprovedWhereModerated,
  ],
  import: [
    hasMandatoryFields,
    hasNoRepeatedField,
    hasGoodMessageId,
    noteControl,
    hasGoodPath,
    hasGoodDistribution,
    hasGoodNewsgroups,
    keepsPrivateApart,
  ],
}

export const checksOf = (kind: Origin['kind']): readonly Check[] => checks[kind]

export const newDraft = (): Draft => ({
  messageId: undefined,
  date: undefined,
  injectionDate: undefined,
  newsgroups: [],
  distributions: [],
  path: [],
  control: false,
  withdrawn: undefined,
  private: false,
})

/** The first reason found, or what the checks have learnt. Pure, linear in the header section, never throws. */
export function examine(article: Article, origin: Origin, facts: Facts): Examined | Reason {
  const draft = newDraft()
  const subject = { article, origin, facts, draft }
  for (const check of checks[origin.kind]) {
    const reason = check(subject)
    if (reason !== undefined) return reason
  }
  return isIdentified(draft) ? draft : new Reason('bad-message-id')
}

/** No second object: there is one of these for every article that comes. */
const isIdentified = (draft: Draft): draft is Draft & Examined => draft.messageId !== undefined
