/** AUTHINFO SASL with PLAIN, EXTERNAL and SCRAM-SHA-256. RFC 4643 2.4; RFC 4422; RFC 4616; RFC 5802; RFC 7677 */
import { saslLine } from '../../login/sasl.ts'
import { parseClientFirst } from '../../login/scram.ts'
import { type Command, line, type Response } from '../command.ts'
import { answerLogin, encryptFirst, loginRefusal, mechanisms, passwordAllowed } from '../login-state.ts'
import type { Session } from '../session.ts'

type Logins = NonNullable<Session['services']['logins']>

interface Exchange {
  readonly session: Session
  readonly logins: Logins
}

/** What a mechanism does with the first octets of the client. */
type Mechanism = (exchange: Exchange, octets: Buffer) => Promise<Response>

const protocolError = () => line(482, 'SASL protocol error')

const byName: ReadonlyMap<string, Mechanism> = new Map([
  ['PLAIN', plain],
  ['EXTERNAL', external],
  ['SCRAM-SHA-256', scram],
])

/** RFC 4643 2.4.2: a challenge, and the line that answers it. */
function ask(challenge: string, next: (octets: Buffer) => Promise<Response>): Response {
  const text = challenge === '' ? '=' : Buffer.from(challenge).toString('base64')
  return {
    kind: 'continue',
    code: 383,
    text,
    expect: 'line',
    reply: async answer => (answer === '*' ? line(481, 'Authentication aborted') : received(answer, next)),
  }
}

async function received(text: string, next: (octets: Buffer) => Promise<Response>): Promise<Response> {
  const octets = saslLine(text)
  return octets === undefined ? line(504) : next(octets)
}

function authenticate(
  session: Session,
  [wanted = '', initial]: readonly string[],
): Response | Promise<Response> {
  const refusal = loginRefusal(session)
  if (refusal !== undefined) return refusal
  const name = wanted.toUpperCase()
  const mechanism = byName.get(name)
  const { logins } = session.services
  if (name === 'PLAIN' && !passwordAllowed(session)) return encryptFirst()
  if (mechanism === undefined || logins === undefined || !mechanisms(session).includes(name))
    return line(503, 'Mechanism not recognized')
  session.claimed = undefined
  const run = (octets: Buffer) => mechanism({ session, logins }, octets)
  return initial === undefined ? ask('', run) : received(initial, run)
}

/** RFC 4616 2: [authzid] NUL authcid NUL passwd */
async function plain({ session, logins }: Exchange, octets: Buffer): Promise<Response> {
  const [wanted, name, password, ...rest] = octets.toString().split('\0')
  if (wanted === undefined || name === undefined || password === undefined || rest.length > 0)
    return protocolError()
  // Nobody acts as another.
  const allowed = wanted === '' || wanted === name
  const { client, signal } = session
  const attempt = { name, password: allowed ? password : '', address: client.address }
  return answerLogin(session, await logins.password(attempt, signal))
}

/** RFC 4422 A: the octets are the identity wanted, empty for that of the certificate. */
async function external({ session, logins }: Exchange, octets: Buffer): Promise<Response> {
  const { certificate, address } = session.client
  if (certificate === undefined) return line(503, 'Mechanism not recognized')
  return answerLogin(session, await logins.certificate(certificate, { wanted: octets.toString(), address }))
}

/** RFC 5802 5: client-first, server-first, client-final, server-final. */
async function scram({ session, logins }: Exchange, octets: Buffer): Promise<Response> {
  const first = parseClientFirst(octets.toString())
  if (first === undefined) return protocolError()
  const exchange = await logins.scramExchange(first)
  return ask(exchange.challenge, async final => {
    const result = exchange.finish(final.toString())
    if (result === 'malformed') return protocolError()
    const { client, signal } = session
    const attempt = { name: first.name, right: result !== 'wrong', address: client.address }
    const outcome = await logins.scramFinished(attempt, signal)
    // RFC 4643 2.4.2: 283 where the success has data.
    const verdict = result === 'wrong' ? '' : Buffer.from(result.verdict).toString('base64')
    return answerLogin(session, outcome, line(283, verdict))
  })
}

function capability(session: Session): readonly string[] | undefined {
  const names = mechanisms(session)
  return names.length === 0 ? undefined : ['AUTHINFO SASL', `SASL ${names.join(' ')}`]
}

export const saslCommands: readonly Command[] = [
  {
    name: 'AUTHINFO SASL',
    args: [1, 2],
    syntax: 'AUTHINFO SASL mechanism [initial-response]',
    rfc: 'RFC 4643 2.4',
    capability,
    run: authenticate,
  },
]
