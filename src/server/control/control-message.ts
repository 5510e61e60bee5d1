/** The messages on the control socket: `{v, id, cmd, args}` one way, `{v, id, ok, result | code, message}` the other. */
import { z } from 'zod'
import { faultCodes } from './node-control.ts'

export const controlVersion = 1

/** Octets of a frame, whatever is in it. */
export const maxFrame = 1_048_576
/** Octets of article or file in one message; base64 makes them a third more. */
export const maxPiece = 262_144
/** Items of a stream that may be under way before the client has taken them. */
export const streamWindow = 8
/** Requests of one client at once. */
export const maxCalls = 8

const v = z.literal(controlVersion)
/** Chosen by the client, and of meaning on its own connection only. */
const id = z.int().min(1)

export const requestSchema = z.union([
  z.strictObject({
    v,
    id,
    cmd: z.string().max(64),
    args: z.unknown().optional(),
    /** Octets that follow as `data` messages. */
    blob: z.int().min(0).optional(),
  }),
  z.strictObject({ v, id, data: z.base64() }),
  /** So many items of the stream were taken. */
  z.strictObject({ v, id, ack: z.int().min(1) }),
  z.strictObject({ v, id, cancel: z.literal(true) }),
])
export type RequestMessage = z.infer<typeof requestSchema>

export const answerSchema = z.union([
  z.object({ v, id, ok: z.literal(true), result: z.unknown().optional() }),
  z.object({ v, id, ok: z.literal(false), code: z.enum(faultCodes), message: z.string() }),
  z.object({ v, id, item: z.unknown() }),
])
export type AnswerMessage = z.infer<typeof answerSchema>
