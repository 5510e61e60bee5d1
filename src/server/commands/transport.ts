/** Another transport below the dialogue: STARTTLS, COMPRESS. RFC 4642 2, RFC 8054 2 */
import { type Command, line, type Response } from '../command.ts'
import type { Session } from '../session.ts'

/** RFC 4642 2.1: only where it works now. */
function mayStartTls({ transports, client, services }: Session): boolean {
  return transports.size === 0 && client.account === undefined && services.config().tls.cert !== ''
}

function startTls(session: Session): Response {
  const { transports, client } = session
  // RFC 4642 2.2.2: not twice, not after a login. RFC 8054 2.2.2: not over compression
  if (transports.has('tls')) return line(502, 'TLS is active')
  if (transports.has('deflate')) return line(502, 'Compression is active')
  if (client.account !== undefined) return line(502, 'Logged in already')
  if (!mayStartTls(session)) return line(580)
  return { kind: 'switch', code: 382, transport: 'tls' }
}

/** RFC 8054 7: lengths under TLS may tell what is read, so the operator must have said yes. */
function mayCompress({ transports, services }: Session): boolean {
  return !transports.has('deflate') && (!transports.has('tls') || services.config().tls.compress)
}

function compress(session: Session, [algorithm = '']: readonly string[]): Response {
  if (session.transports.has('deflate')) return line(502, 'Compression is active')
  if (algorithm.toUpperCase() !== 'DEFLATE') return line(503, 'DEFLATE is all there is')
  if (!mayCompress(session)) return line(502, 'No compression under TLS here')
  return { kind: 'switch', code: 206, transport: 'deflate' }
}

export const transportCommands: readonly Command[] = [
  {
    name: 'STARTTLS',
    args: [0, 0],
    syntax: 'STARTTLS',
    rfc: 'RFC 4642 2.2',
    capability: session => (mayStartTls(session) ? 'STARTTLS' : undefined),
    run: startTls,
  },
  {
    name: 'COMPRESS',
    args: [1, 1],
    syntax: 'COMPRESS DEFLATE',
    rfc: 'RFC 8054 2.2',
    capability: session => (mayCompress(session) ? 'COMPRESS DEFLATE' : undefined),
    valid: ([algorithm = '']) => /^[A-Za-z0-9_-]{1,20}$/.test(algorithm), // RFC 8054 3
    run: compress,
  },
]
