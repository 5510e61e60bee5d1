/** The client's side of a login, without I/O. RFC 4643 2.3, 2.4; RFC 4616; RFC 4422 appendix A */
import { safeText } from '../../reason.ts'
import type { Reply } from './reply-reader.ts'

export interface Credentials {
  readonly user: string
  /** Absent: the client certificate is the proof (SASL EXTERNAL). */
  readonly password?: string
}

/** Labels of CAPABILITIES with their arguments, in capitals. */
export type Capabilities = ReadonlyMap<string, readonly string[]>

export type LoginStep =
  | { readonly kind: 'say'; readonly line: string }
  | { readonly kind: 'done' }
  | { readonly kind: 'fail'; readonly why: string }

/** RFC 4643 2.3.1, 2.4.1: octets of a command line, CRLF not counted. */
const longestLine = 510
const longestSaslLine = 12_286

const fail = (why: string): LoginStep => ({ kind: 'fail', why })
/** UTF-8 as the connection writes it, an octet a character. RFC 4643 2.3.2 */
const octets = (text: string) => Buffer.from(text, 'utf8').toString('latin1')
const base64 = (text: string) => (text === '' ? '=' : Buffer.from(text, 'utf8').toString('base64'))

export class Login {
  readonly #credentials: Credentials
  #stage: 'user' | 'pass' | 'sasl' = 'user'

  constructor(credentials: Credentials) {
    this.#credentials = credentials
  }

  /** Undefined capabilities: the other side does not know the command. */
  begin(capabilities: Capabilities | undefined): LoginStep {
    const { user, password } = this.#credentials
    const offered = capabilities?.get('AUTHINFO') ?? []
    const mechanisms = capabilities?.get('SASL') ?? []
    if (password === undefined) {
      if (!mechanisms.includes('EXTERNAL'))
        return fail('it offers no login by certificate (SASL EXTERNAL): set password_file')
      return this.#sasl(`AUTHINFO SASL EXTERNAL ${base64(user)}`)
    }
    // RFC 4643 2.1: where only SASL is listed, USER is not to be had.
    if (!offered.includes('USER') && mechanisms.includes('PLAIN'))
      return this.#sasl(`AUTHINFO SASL PLAIN ${base64(`\0${user}\0${password}`)}`)
    return sayUpTo(longestLine, `AUTHINFO USER ${octets(user)}`)
  }

  next(reply: Reply): LoginStep {
    // RFC 4643 2.3.1: 281 may come after USER alone.
    if (reply.code === 281) return { kind: 'done' }
    if (reply.code === 381 && this.#stage === 'user') {
      this.#stage = 'pass'
      return sayUpTo(longestLine, `AUTHINFO PASS ${octets(this.#credentials.password ?? '')}`)
    }
    return fail(this.#complaint(reply))
  }

  /** Nothing that is shown or logged holds the password, whatever the other side repeats of it. */
  redact(text: string): string {
    const { user, password = '' } = this.#credentials
    if (password === '') return text
    const forms = [password, octets(password), base64(password), base64(`\0${user}\0${password}`)]
    return forms.reduce((left, form) => left.replaceAll(form, '...'), text)
  }

  #sasl(line: string): LoginStep {
    this.#stage = 'sasl'
    return sayUpTo(longestSaslLine, line)
  }

  #complaint({ code, text }: Reply): string {
    const said = `"${safeText(this.redact(`${code} ${text}`.trimEnd()))}"`
    const { user } = this.#credentials
    switch (code) {
      case 481: // RFC 4643 2.3.1
        return `it does not take the login of ${safeText(user)}: ${said}; see user and password_file`
      case 482:
        return `it takes our login for out of order: ${said}`
      case 483:
        return `it takes a login only over TLS: ${said}; set tls`
      case 500:
      case 501:
      case 502:
      case 503:
        return `it has no such login for us: ${said}`
      default:
        return `it gave an answer to the login that fits none: ${said}`
    }
  }
}

function sayUpTo(octets: number, line: string): LoginStep {
  if (line.length > octets) return fail('user or password is too long for a command line')
  return /[\r\n\0]/.test(line) ? fail('user or password holds a line end or NUL') : { kind: 'say', line }
}
