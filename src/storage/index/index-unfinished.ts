/** The index is being made again and does not have it yet: whether it is there is not known, so ask again later. */
export class IndexUnfinished extends Error {
  override readonly name = 'IndexUnfinished'
  constructor() {
    super('the index is being made again: try again later')
  }
}
