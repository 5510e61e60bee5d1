/** An article as a format finds it, before it is looked at. */
import type { ReasonName } from '../../reason.ts'

export interface Found {
  /** Octets as they lie there: lines end LF or CRLF. Empty where there is a fault. */
  readonly text: Buffer
  /** Which file, and where in it, for people. */
  readonly where: string
  /** Why the octets could not even be read whole. */
  readonly fault?: ReasonName
  /** Seconds since 1970 when it was delivered, where the format tells. */
  readonly date?: number
  /** Where it was filed on the server it comes from. */
  readonly filed?: { readonly group: string; readonly number: number }
}
