/** Octets of an article or a mail, as the control socket gives them: in pieces. */
import { z } from 'zod'

const pieceSchema = z.object({ data: z.base64() })

/** Throws where the item is none. */
export const pieceOf = (item: unknown): Buffer => Buffer.from(pieceSchema.parse(item).data, 'base64')
