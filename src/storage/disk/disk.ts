/** The few file operations that the journal needs, so that a simulated disk can tear, lose and fill. */

export interface DiskFile {
  /** Appends at the end; resolves when the operating system has it, not when it is durable. */
  append(chunks: readonly Buffer[]): Promise<void>
  /** Makes everything appended before durable (fdatasync). An error means the file must not be used again. */
  sync(): Promise<void>
  /** Cuts the file at `length` octets. */
  truncate(length: number): Promise<void>
  /** Octets from `position`, fewer at the end of the file. */
  read(position: number, length: number): Promise<Buffer>
  size(): Promise<number>
  close(): Promise<void>
}

/** Names are relative to the directory the disk was made for. */
export interface Disk {
  /** Opens for reading and appending; creates it where absent. */
  open(name: string): Promise<DiskFile>
  /** File names in the directory, sorted. */
  list(): Promise<string[]>
  remove(name: string): Promise<void>
  /** Makes creations and removals durable (fsync of the directory). */
  syncDirectory(): Promise<void>
  /** Octets free for use, and of all. */
  space(): Promise<{ readonly free: number; readonly total: number }>
}
