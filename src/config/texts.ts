/** The kinds of text and number that configuration keys hold, each with the words that say what was expected. */
import { z } from 'zod'
import { isHostName, isListenAddress, isRemoteAddress } from '../host.ts'
import { isMailAddress } from '../mail-address.ts'
import { HierarchyPattern, Wildmat } from '../wildmat.ts'
import { isAddressOrCidr, isGroupName, isKeyFingerprint, isPathIdentity, isWord } from './values.ts'

/** A text that passes `test`; `expected` completes "expected ..., found ...". */
export const text = (test: (value: string) => boolean, expected: string) =>
  z.string().refine(test, { error: expected })
export const optional = (test: (value: string) => boolean) => (value: string) => value === '' || test(value)

export const anyText = z
  .string()
  .refine(value => !/[\x00-\x1f\x7f]/.test(value), { error: 'text on one line' })
/** An empty wildmat matches nothing. */
export const wildmat = text(
  optional(value => Wildmat.parse(value) !== undefined),
  'a wildmat such as "comp.*,!comp.binaries.*"',
)
export const pattern = text(
  value => HierarchyPattern.parse(value) !== undefined,
  'a list of hierarchies such as "comp.*,!comp.binaries.*"',
)
export const cidr = text(isAddressOrCidr, 'an address or CIDR')
export const identity = text(isPathIdentity, 'a path identity such as "news.example.org"')
export const listenAddress = text(isListenAddress, 'host:port such as "127.0.0.1:1119" or "[::1]:1119"')
export const remoteAddress = text(isRemoteAddress, 'host:port such as "news.b.example:119"')
export const certificateName = text(
  value => isKeyFingerprint(value) || isHostName(value),
  'a host name, or "sha256:" and 64 hex digits',
)
export const fingerprint = text(isKeyFingerprint, '"sha256:" and 64 hex digits')
export const mailAddress = text(optional(isMailAddress), 'a mail address')
export const groupName = text(isGroupName, 'a newsgroup name such as "local.test" that is not reserved')
export const label = text(isWord, 'a word of letters, digits, "-", "_" and "."')
export const accountGroup = text(isWord, 'a name of letters, digits, "-", "_" and "."')
export const count = z.int().positive()
export const days = z.number().min(0)
