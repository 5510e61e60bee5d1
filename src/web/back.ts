/** Whence a form was sent, to go back there when it is done. */
import { homeAddress } from './addresses.ts'
import { ownAddress } from './people/own-address.ts'
import type { Answer, Visit } from './site.ts'

/** Only pages of ours: the field comes with the form, and a form can be made by anybody. CWE-601 */
export function backTo({ form }: Visit, otherwise = homeAddress): Answer {
  const asked = form.get('back') ?? ''
  const back = ownAddress(asked)
  return {
    kind: 'redirect',
    status: 303,
    to: back === homeAddress && asked !== homeAddress ? otherwise : back,
  }
}
