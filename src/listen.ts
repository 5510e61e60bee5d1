/** Opens a listener, or says which key of the configuration to change. */
import type { Server, Socket } from 'node:net'
import type { Config } from './config/config.ts'
import { parseHostPort } from './host.ts'

/** A place the configuration names that this node cannot have. Its message says what to do. */
export class CannotListen extends Error {
  override readonly name = 'CannotListen'
}

/** What listeners are for, in the order of the configuration. */
export const listenKinds = ['nntp', 'nntps', 'web', 'webs', 'admin'] as const
export type ListenKind = (typeof listenKinds)[number]
/** Descriptors of sockets that were opened for this process, by what they are for. */
export type HandedOver = Readonly<Partial<Record<ListenKind, readonly number[]>>>
/** An address, or a socket that was handed over. */
export type Place = string | { readonly fd: number }

/** Where to listen: what was handed over stands for all addresses of its kind. */
export function placesOf(
  kind: ListenKind,
  { listen, handedOver }: { readonly listen: Config['listen']; readonly handedOver: HandedOver | undefined },
): readonly Place[] {
  return handedOver?.[kind]?.map(fd => ({ fd })) ?? listen[kind]
}

/** Of a server that listens: `host:port`, with the port that the system gave. */
export function addressOf(server: Server): string {
  const at = server.address()
  if (at === null || typeof at === 'string') throw new Error('listens on no address')
  return at.family === 'IPv6' ? `[${at.address}]:${at.port}` : `${at.address}:${at.port}`
}

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program listens there; stop that program or change',
  EADDRNOTAVAIL: 'it is no address of this machine; change',
  EACCES: 'this user may not use that port; take one above 1023 in',
}

/** Those who wait to be accepted while this process is busy, or is started again with the sockets it was handed. */
const backlog = 4096

/**
 * Resolves when `server` listens on `place`: `host:port` or `[v6]:port`, where port 0 lets the system choose, or a
 * socket that was handed over. Rejects with `CannotListen`, which names `key`.
 */
export async function listen(
  server: Server,
  { key, place }: { readonly key: string; readonly place: Place },
): Promise<void> {
  const address = typeof place === 'string' ? parseHostPort(place) : place
  if (address === undefined) throw new CannotListen(`${key}: expected host:port, found "${place}"`)
  await new Promise<void>((resolve, reject) => {
    const failed = (cause: NodeJS.ErrnoException) => {
      const why = reasons[cause.code ?? ''] ?? `${cause.message}; change`
      const what =
        typeof place === 'string'
          ? `cannot listen on ${place}: ${why} ${key} in the configuration`
          : `cannot listen on descriptor ${place.fd}, handed over for ${key}: ${cause.message}; is it a stream socket?`
      reject(new CannotListen(what, { cause }))
    }
    server.once('error', failed)
    server.listen(address, backlog, () => {
      server.off('error', failed)
      resolve()
    })
  })
}

/** Descriptors that connections leave to storage, which must never lack one. */
export const reservedDescriptors = 64

/**
 * Whether a socket that was just accepted has one of the last descriptors: the kernel gives the lowest free number, so
 * all below are in use. It is to be destroyed in the same turn. libuv closes what comes when there is none at all.
 */
export function hasLastDescriptor(socket: Socket, limit: number): boolean {
  const handle: unknown = Reflect.get(socket, '_handle')
  if (typeof handle !== 'object' || handle === null) return false
  const descriptor: unknown = Reflect.get(handle, 'fd')
  return typeof descriptor === 'number' && descriptor >= limit - reservedDescriptors
}
