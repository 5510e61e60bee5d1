/** Accounts: what is known of a person or program that logs in, and what names and passwords may look like. RFC 4013, RFC 4643 2.3.2 */
import type { ProvenAccount, Role } from './client.ts'
import { saslprep } from './saslprep.ts'

declare const brand: unique symbol
/** A name in the one form it is stored and compared in. */
export type AccountName = string & { readonly [brand]: 'AccountName' }
/** A password in the form it is hashed in: UTF-8 of what RFC 4013 makes of it. */
export type PreparedPassword = Buffer & { readonly [brand]: 'PreparedPassword' }

export interface Account {
  readonly name: AccountName
  readonly roles: readonly Role[]
  /** Groups of accounts it belongs to. */
  readonly groups: readonly string[]
  /** May not log in. */
  readonly disabled: boolean
  /** `$scrypt$...`; empty = no login with a password. */
  readonly password: string
  /** `SCRAM-SHA-256$...` (RFC 5803); empty = none. */
  readonly scram: string
  /** Certificates that prove it: a host name, or `sha256:` and that of the public key in hex. */
  readonly certificates: readonly string[]
  /** Seconds since 1970. */
  readonly created: number
  /** What sessions of the web reader were begun under: with another value all of them are over. */
  readonly sessionStamp?: string
  /** Made by whoever has it, not by an administrator. */
  readonly registered?: boolean
}

/** What may be changed of one; what is absent stays. */
export type AccountChange = Partial<Omit<Account, 'name' | 'created'>>

/** As others see it, once it is proven. */
export const provenAs = ({ name, roles, groups, registered, created }: Account): ProvenAccount => ({
  name,
  roles: new Set(roles),
  groups,
  ...(registered === true && { registered: created }),
})

/** Octets of a name or password, before anything is done with it. */
export const longestCredential = 256

/** Undefined where it can be no name: RFC 4013 forbids a character, empty, too long, or a blank at an end. */
export function accountName(text: string): AccountName | undefined {
  const prepared = credential(text)
  if (prepared === undefined || /^ | $/.test(prepared)) return undefined
  return prepared as AccountName
}

/** Undefined where no password can be so. RFC 4616 2, RFC 5802 2.2 */
export function preparePassword(text: string): PreparedPassword | undefined {
  const prepared = credential(text)
  return prepared === undefined ? undefined : (Buffer.from(prepared) as PreparedPassword)
}

function credential(text: string): string | undefined {
  // Before anything is done with it: normalising a megabyte is work too.
  if (text === '' || Buffer.byteLength(text) > longestCredential) return undefined
  const prepared = saslprep(text)
  return prepared === undefined || prepared === '' || Buffer.byteLength(prepared) > longestCredential
    ? undefined
    : prepared
}

/** A group of accounts: what `[[access]] groups` may name. */
export const isAccountGroup = (text: string): boolean => /^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/.test(text)

/** Groups that an account is in, and certificates that prove it. */
export const mostOfAccount = 100

/** The lower-case form in which a certificate is stored; undefined where it names none. */
export function certificateId(text: string): string | undefined {
  const id = text.toLowerCase()
  return /^(?:sha256:[0-9a-f]{64}|[a-z0-9*][a-z0-9.-]{0,252})$/.test(id) ? id : undefined
}
