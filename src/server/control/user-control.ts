/** What an administrator may ask about accounts, as the control socket and the program see it. No password is among it. */
import { z } from 'zod'

const texts = z.array(z.string()).readonly()

/** Roles and the rest are checked where they count, so that a fault can name what there is. */
export const userChangeSchema = z.object({
  name: z.string(),
  roles: texts.optional(),
  groups: texts.optional(),
  /** Host names, or `sha256:HEX`. */
  certificates: texts.optional(),
  disabled: z.boolean().optional(),
})
export type UserChange = z.infer<typeof userChangeSchema>

export const userRowSchema = z.object({
  name: z.string(),
  roles: texts,
  groups: texts,
  certificates: texts,
  disabled: z.boolean(),
  /** Whether it can log in with a password, and with SCRAM. */
  password: z.boolean(),
  scram: z.boolean(),
  /** Seconds since 1970. */
  created: z.number(),
})
export type UserRow = z.infer<typeof userRowSchema>

/** Rejects with a `ControlFault` that names the thing and the fix. */
export interface UserControl {
  /** By name, in batches of at most 500. */
  list(): AsyncIterable<readonly UserRow[]>
  /** `password` is empty where there shall be none. `refused` where the name is taken. */
  add(change: UserChange, password: string): Promise<UserRow>
  /** Changes what is given; an empty password leaves the old one. `refused` where there is no such account. */
  set(change: UserChange, password: string): Promise<UserRow>
  remove(name: string): Promise<void>
}
