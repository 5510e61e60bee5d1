/** A checksum in `state` does not hold, or something is missing there. Nothing else tells what it held. */

export class DamagedState extends Error {
  override readonly name = 'DamagedState'

  /** `what` is damaged: `the marks of local.test`. */
  constructor(what: string, how = 'its checksum does not hold') {
    super(`the database "state" is damaged: ${what}: ${how}; restore it from a backup`)
  }
}
