/** What each check is called, and what it means that an article passed it: for people who ask what became of one. */
import type { Check } from './check.ts'
import { hasReadableDates, hasReadableExpires, isInWindow, isPostedInWindow } from './dates.ts'
import {
  hasGoodMessageId,
  hasMandatoryFields,
  hasNoEmptyField,
  hasNoLongHeaderLine,
  hasNoRepeatedField,
} from './fields.ts'
import { hasGoodFrom } from './from.ts'
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
} from './groups.ts'
import { hasGoodDistribution, hasGoodPath, isDistributedHere, isNotOurOwn } from './route.ts'

export interface CheckName {
  readonly name: string
  readonly passed: string
  /** It cannot be repeated: who was connected is not stored. */
  readonly byConnection?: boolean
}

const age = { name: 'age', passed: 'neither too old nor of the future when it arrived' }

/** `noteControl` is not among them: it refuses nothing. */
export const checkNames: ReadonlyMap<Check, CheckName> = new Map<Check, CheckName>([
  [hasMandatoryFields, { name: 'mandatory fields', passed: 'all are there' }],
  [hasNoRepeatedField, { name: 'repeated fields', passed: 'none that may stand only once' }],
  [hasNoEmptyField, { name: 'empty fields', passed: 'none' }],
  [hasNoLongHeaderLine, { name: 'header lines', passed: 'none is too long' }],
  [hasGoodMessageId, { name: 'message-ID', passed: 'well formed' }],
  [hasReadableDates, { name: 'dates', passed: 'can be read' }],
  [isInWindow, age],
  [isPostedInWindow, age],
  [hasReadableExpires, { name: 'Expires', passed: 'absent, or can be read' }],
  [hasGoodFrom, { name: 'From', passed: 'holds an address' }],
  [hasGoodPath, { name: 'Path', passed: 'well formed, and not too long' }],
  [isNotOurOwn, { name: 'loop', passed: 'it had not been here' }],
  [hasGoodDistribution, { name: 'Distribution', passed: 'absent, or well formed' }],
  [
    isDistributedHere,
    { name: 'distributions of the peer', passed: 'one of those agreed with it, or none is named' },
  ],
  [hasGoodNewsgroups, { name: 'Newsgroups', passed: 'well formed, and not too many' }],
  [keepsPrivateApart, { name: 'privacy', passed: 'no private group beside others' }],
  [isApprovedWhereModerated, { name: 'approval', passed: 'approved, or in no moderated group' }],
  [isWantedFromPeer, { name: 'groups of the peer', passed: 'one is here, and is taken from it' }],
  [hasGoodFollowupTo, { name: 'Followup-To', passed: 'absent, or well formed' }],
  [isPostedToKnownGroup, { name: 'known groups', passed: 'one is here' }],
  [isOpenToPosts, { name: 'status of the groups', passed: 'all may be posted to' }],
  [isPostedWhereSeen, { name: 'groups in sight', passed: 'one is', byConnection: true }],
  [isPostedWithRight, { name: 'right to post', passed: 'had', byConnection: true }],
  [isApprovedWithRight, { name: 'right to approve', passed: 'had', byConnection: true }],
])
