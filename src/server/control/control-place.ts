/** Makes sure of the place of the control socket before net-ipc, which deletes whatever lies at its path. */
import { chmod, lstat, mkdir, readdir, stat } from 'node:fs/promises'
import { connect } from 'node:net'
import { basename, dirname } from 'node:path'
import { CannotListen } from '../../listen.ts'

/** `sockaddr_un` holds 104 octets with its NUL on BSD and macOS, 108 on Linux. */
const longestPath = 103

/**
 * Creates the folder (0700) and looks at what is there: nothing, or a dead socket of ours. Rejects, with the next step,
 * where there is anything else.
 */
export async function prepareControlPath(path: string): Promise<void> {
  if (Buffer.byteLength(path) > longestPath)
    throw new CannotListen(
      `${path}: a socket path has at most ${longestPath} octets; set listen.control to a shorter one`,
    )
  await prepareFolder(dirname(path), basename(path))
  const found = await lstat(path).catch(absent)
  if (found === undefined) return
  if (!found.isSocket())
    throw new CannotListen(
      `${path} exists and is no socket; set listen.control to another path, or move the file away`,
    )
  if (!isOurs(found.uid))
    throw new CannotListen(`${path} belongs to another user; set listen.control to another path`)
  const answer = await knock(path)
  if (answer === undefined)
    throw new CannotListen(`a node answers on ${path} already; stop it with "tidings stop"`)
  if (answer !== 'ECONNREFUSED' && answer !== 'ENOENT')
    throw new CannotListen(
      `${path} is a socket that cannot be tried (${answer}); remove it when no node uses it`,
    )
}

async function prepareFolder(folder: string, socket: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const found = await stat(folder)
  if (!found.isDirectory())
    throw new CannotListen(`${folder} is no folder; set listen.control to another path`)
  if (!isOurs(found.uid))
    throw new CannotListen(`${folder} belongs to another user; set listen.control to another path`)
  if ((found.mode & 0o077) === 0 || process.platform === 'win32') return
  // A folder that holds nothing else was made for the socket, by us or by the service manager.
  const others = (await readdir(folder)).filter(name => name !== socket)
  if (others.length > 0)
    throw new CannotListen(
      `${folder} is open to other users; run: chmod 700 ${folder}, or set listen.control to another folder`,
    )
  await chmod(folder, 0o700)
}

function isOurs(uid: number): boolean {
  return process.getuid === undefined || uid === process.getuid()
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}

/** Undefined where somebody answers, else the code of the error. */
function knock(path: string): Promise<string | undefined> {
  return new Promise(resolve => {
    const socket = connect(path)
    socket.once('connect', () => {
      socket.destroy()
      resolve(undefined)
    })
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
  })
}
