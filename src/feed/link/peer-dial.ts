/** Calling a peer over TCP. RFC 3977 3.4.1: port 119 */
import { connect, isIPv6 } from 'node:net'
import type { Duplex } from 'node:stream'
import { parseHostPort } from '../../host.ts'

export interface DialOptions {
  /** Our address; '' = any. */
  readonly bind: string
  readonly signal: AbortSignal
}

/** Resolves with a connected stream; rejects with an error that says why in words. `address` is `host[:port]`. */
export type Dial = (address: string, options: DialOptions) => Promise<Duplex>

const keepAlive = 60_000

export const dialTcp: Dial = (address, { bind, signal }) =>
  new Promise((resolve, reject) => {
    const target = parseAddress(address)
    if (target === undefined) return reject(new Error(`${address}: expected host or host:port`))
    const local = bind === '' ? {} : { localAddress: bind }
    const socket = connect({
      ...target,
      ...local,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: keepAlive,
    })
    const abort = () => socket.destroy(new Error('no connection in time'))
    const settle = () => {
      signal.removeEventListener('abort', abort)
      socket.removeAllListeners()
    }
    signal.addEventListener('abort', abort, { once: true })
    if (signal.aborted) abort()
    socket.once('connect', () => {
      settle()
      resolve(socket)
    })
    socket.once('error', error => {
      settle()
      reject(error)
    })
  })

/** `host`, `host:port`, `[v6]`, `[v6]:port` or a bare IPv6 address; `usual` is the port where none is named. */
export function parseAddress(address: string, usual = 119): { host: string; port: number } | undefined {
  if (isIPv6(address)) return { host: address, port: usual }
  const target = parseHostPort(address) ?? parseHostPort(`${address}:${usual}`)
  return target?.port === 0 ? undefined : target
}
