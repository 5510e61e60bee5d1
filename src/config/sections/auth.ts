/** The sections of the configuration that say how people log in, and where that is put on record. */
import { z } from 'zod'
import { isAddressOrCidr, isUrl } from '../values.ts'

const cidr = z.string().refine(isAddressOrCidr, { error: 'an address or CIDR' })
const oneLine = z.string().refine(value => !/[\x00-\x1f\x7f]/.test(value), { error: 'text on one line' })

export const authSchema = z
  .strictObject({
    plaintext_from: z
      .array(cidr)
      .default([])
      .describe('Addresses or networks that may send passwords without TLS; all others are told to encrypt.'),
    scram: z
      .boolean()
      .default(false)
      .describe(
        'Offer SCRAM-SHA-256 and keep its keys; accounts get them with their next password, or at their next login.',
      ),
    program: z
      .array(oneLine.min(1))
      .default([])
      .describe(
        'Program and arguments that are asked about names without an account here; docs/operations.md says how.',
      ),
    url: z
      .string()
      .refine(value => value === '' || isUrl(value, ['http:', 'https:']), {
        error: 'a URL such as "https://sso.example.org/login"',
      })
      .default('')
      .describe('The same over HTTP, where no program is configured: it is sent a POST with JSON.'),
  })
  .prefault({})
  .describe('How people and peers log in.')

export const auditSchema = z
  .strictObject({
    file: oneLine
      .default('')
      .describe(
        'File of logins, postings and administrative acts; empty = audit/audit.log in the data folder.',
      ),
    keep_days: z.int().positive().default(90).describe('Older files of it are removed.'),
  })
  .prefault({})
  .describe('Audit log: one JSON line for each event, which "tidings audit verify" can prove complete.')
