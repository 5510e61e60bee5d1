/** Cookies of ours. RFC 6265 */

/** A cookie to set, for this host, all its pages, and none of its scripts. RFC 6265 4.1 */
export interface Cookie {
  /** Without `__Host-`, which is put before it under TLS. */
  readonly name: string
  /** Characters of RFC 6265 4.1.1 only; empty takes the cookie away. */
  readonly value: string
  /** Seconds; until the browser ends where absent. */
  readonly maxAge?: number
}
