/** Whence a form was sent, to go back there when it is done. */
import { homeAddress } from './addresses.ts'
import type { Answer, Visit } from './site.ts'

/** Only pages of ours: the field comes with the form, and a form can be made by anybody. CWE-601 */
export function backTo({ form }: Visit, otherwise = homeAddress): Answer {
  const back = form.get('back') ?? ''
  const ours = /^\/(?![/\\])[\x21-\x5b\x5d-\x7e]{0,2000}$/.test(back)
  return { kind: 'redirect', status: 303, to: ours ? back : otherwise }
}
