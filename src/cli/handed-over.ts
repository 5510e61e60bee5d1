/** Listening sockets that systemd hands to the process it starts. sd_listen_fds(3) */
import type { Config } from '../config/config.ts'
import { type HandedOver, type ListenKind, listenKinds } from '../listen.ts'
import { ControlFault } from '../server/control/node-control.ts'

const firstDescriptor = 3

/**
 * What was handed to this process (`pid`), by what it is for: the names of LISTEN_FDNAMES, or the order of the
 * addresses in `listen` where none of them is one of ours. Takes the variables out of `env`, so that no program that is
 * started from here believes them. Throws a `ControlFault` where it cannot be told what a socket is for.
 */
export function takeHandedOver(
  env: Record<string, string | undefined>,
  { pid, listen }: { readonly pid: number; readonly listen: Config['listen'] },
): HandedOver {
  const { LISTEN_PID, LISTEN_FDS = '', LISTEN_FDNAMES = '' } = env
  for (const name of ['LISTEN_PID', 'LISTEN_FDS', 'LISTEN_FDNAMES']) delete env[name]
  if (LISTEN_PID !== String(pid) || !/^[1-9]\d{0,3}$/.test(LISTEN_FDS)) return {}
  const count = Number(LISTEN_FDS)
  const names = LISTEN_FDNAMES.split(':')
  const kinds = names.some(isKind) ? names.map(named) : inOrder(count, listen)
  if (kinds.length !== count) throw confused(`${count} sockets came with ${names.length} names`)
  const sockets: Partial<Record<ListenKind, number[]>> = {}
  for (const [at, kind] of kinds.entries()) {
    const known = sockets[kind] ?? []
    sockets[kind] = [...known, firstDescriptor + at]
  }
  return sockets
}

const isKind = (name: string): name is ListenKind => listenKinds.some(kind => kind === name)

function named(name: string): ListenKind {
  if (isKind(name)) return name
  throw confused(`a socket has the name "${name}"`)
}

/** One for each address. What is left listens for itself, but no kind does half of each. */
function inOrder(count: number, listen: Config['listen']): ListenKind[] {
  const all = listenKinds.flatMap(kind => listen[kind].map(() => kind))
  const kinds = all.slice(0, count)
  if (count > all.length || all[count] === kinds.at(-1))
    throw confused(`${count} sockets came without names, where the configuration has ${all.length} addresses`)
  return kinds
}

const confused = (what: string) =>
  new ControlFault(
    'config',
    `${what}: set FileDescriptorName= of each .socket unit to one of ${listenKinds.join(', ')}`,
  )
