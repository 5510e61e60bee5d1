/** A refusal that a handler throws and the engine turns into a response line. RFC 3977 3.2 */
import type { Code } from '../response.ts'

export class NntpError extends Error {
  readonly code: Code
  /** Without `text` the usual text of the code is sent. */
  constructor(code: Code, text = '', options?: ErrorOptions) {
    super(text, options)
    this.name = 'NntpError'
    this.code = code
  }
}
