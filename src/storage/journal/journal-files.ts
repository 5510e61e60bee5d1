/** The files of the journal at start: every frame checked, a torn end found, damage refused. */

import type { RecordChanges } from '../database/store.ts'
import type { Disk } from '../disk/disk.ts'
import { readCheckpoint, readRecords } from './frame.ts'
import { type Frame, FrameReader } from './frame-reader.ts'
import { CorruptJournal } from './journal-error.ts'

/** Takes the changes of one frame, in order. */
export type Replay = (changes: RecordChanges) => Promise<void>

export interface JournalFile {
  readonly name: string
  /** Sequence of the first record in it. */
  readonly first: number
  /** Octets of intact frames. */
  size: number
}

export interface Found {
  readonly files: JournalFile[]
  /** Of the last record. */
  sequence: number
  /** The latest checkpoint; 0 where there is none. */
  covered: number
  records: number
  frames: number
  /** Octets behind the last intact frame. */
  cut: number
}

const digits = 16

export function fileName(first: number): string {
  return `${String(first).padStart(digits, '0')}.journal`
}

/** Checks every frame of every file; `CorruptJournal` unless they are one gapless row from the latest checkpoint. */
export async function findFiles(disk: Disk): Promise<Found> {
  const names = (await disk.list()).filter(name => /^\d{16}\.journal$/.test(name))
  const files = names.map(name => ({ name, first: Number.parseInt(name, 10), size: 0 }))
  const found: Found = { files, sequence: 0, covered: 0, records: 0, frames: 0, cut: 0 }
  for (const [index, file] of files.entries()) {
    if (index === 0) found.sequence = file.first - 1
    if (file.first !== found.sequence + 1) {
      throw new CorruptJournal(file.name, 0, `records from ${found.sequence + 1} on are missing before it`)
    }
    await checkFile(disk, file, found)
  }
  const oldest = files[0]
  if (oldest !== undefined && oldest.first > found.covered + 1) {
    throw new CorruptJournal(oldest.name, 0, `records from ${found.covered + 1} on are missing before it`)
  }
  return found
}

async function checkFile(disk: Disk, file: JournalFile, found: Found): Promise<void> {
  const handle = await disk.open(file.name)
  try {
    const size = await handle.size()
    const reader = new FrameReader(handle, size)
    while (file.size < size) {
      const frame = await reader.read(file.size)
      if (frame === undefined) break
      count(frame, file, found)
    }
    if (file.size === size) return
    // The next file was begun when this one was durable.
    if (file !== found.files.at(-1)) throw new CorruptJournal(file.name, file.size, 'a damaged frame')
    const later = await reader.findLater(file.size, found.sequence + 1)
    if (later !== undefined) {
      throw new CorruptJournal(
        file.name,
        file.size,
        `a damaged frame with an intact one behind it at ${later}`,
      )
    }
    found.cut = size - file.size
  } finally {
    await handle.close()
  }
}

function count({ header, body, end }: Frame, file: JournalFile, found: Found): void {
  if (header.first !== found.sequence + 1) {
    throw new CorruptJournal(
      file.name,
      file.size,
      `record ${header.first} where ${found.sequence + 1} follows`,
    )
  }
  if (header.kind === 'checkpoint') found.covered = readCheckpoint(body)
  found.frames++
  found.records += header.last - header.first + 1
  found.sequence = header.last
  file.size = end
}

/** Hands out the records of a checked file, a frame at a time. */
export async function replayFile(disk: Disk, file: JournalFile, replay: Replay): Promise<void> {
  const handle = await disk.open(file.name)
  try {
    const reader = new FrameReader(handle, file.size)
    const at = async (offset: number): Promise<Frame | undefined> => {
      if (offset >= file.size) return undefined
      const frame = await reader.read(offset)
      if (frame === undefined) throw new CorruptJournal(file.name, offset, 'a damaged frame')
      return frame
    }
    for (let frame = await at(0); frame !== undefined; ) {
      const { header, body, end } = frame
      const written = header.kind === 'records' ? replay(readRecords(body, header)) : undefined
      // The next one is read while this one is written.
      const [next] = await Promise.all([at(end), written])
      frame = next
    }
  } finally {
    await handle.close()
  }
}
