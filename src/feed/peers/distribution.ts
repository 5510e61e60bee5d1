/** Which distributions pass between us and a peer, in either direction. RFC 5536 3.2.4, RFC 5537 3.6 */
import type { Wildmat } from '../../wildmat.ts'

/** No header says the same as `world`; INN lets that go everywhere too. `local` stays where it is. */
export function isDistributed(agreed: Wildmat, distributions: readonly string[]): boolean {
  if (distributions.length === 0) return true
  return distributions.some(
    name => name === 'world' || (name !== 'local' && agreed.matches(name.toLowerCase())),
  )
}
