/** Opens a listener, or says which key of the configuration to change. */
import type { Server, Socket } from 'node:net'
import { parseHostPort } from './config-values.ts'

/** A place the configuration names that this node cannot have. Its message says what to do. */
export class CannotListen extends Error {
  override readonly name = 'CannotListen'
}

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program listens there; stop that program or change',
  EADDRNOTAVAIL: 'it is no address of this machine; change',
  EACCES: 'this user may not use that port; take one above 1023 in',
}

/**
 * Resolves when `server` listens on `address`: `host:port` or `[v6]:port`, where port 0 lets the system choose.
 * Rejects with `CannotListen`, which names `key`.
 */
export async function listen(
  server: Server,
  { key, address }: { key: string; address: string },
): Promise<void> {
  const where = parseHostPort(address)
  if (where === undefined) throw new CannotListen(`${key}: expected host:port, found "${address}"`)
  await new Promise<void>((resolve, reject) => {
    const failed = (cause: NodeJS.ErrnoException) => {
      const why = reasons[cause.code ?? ''] ?? `${cause.message}; change`
      reject(new CannotListen(`cannot listen on ${address}: ${why} ${key} in the configuration`, { cause }))
    }
    server.once('error', failed)
    server.listen(where, () => {
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
