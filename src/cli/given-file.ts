/** A file that the command line names. */
import { readFileSync } from 'node:fs'
import { ControlFault } from '../server/control/node-control.ts'

/** Its octets. Throws a `ControlFault` where it is not there; other errors are the file system's. */
export function givenFile(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ENOENT') throw new ControlFault('io', `${path}: there is no such file`)
    if (code === 'EISDIR') throw new ControlFault('io', `${path} is a folder: name a file`)
    throw error
  }
}
