/** Who is signed in. */
import type { ProvenAccount } from '../client.ts'

export interface Person {
  readonly account: ProvenAccount
  /** When the password was last given, milliseconds since 1970. */
  readonly provenAt: number
}

export interface People {
  /** Whose session the browser with this cookie is in. */
  who(cookie: string): Promise<Person | undefined>
}

/** Nobody is ever signed in. */
export const nobody: People = { who: async () => undefined }
