/** One place, in memory. */
import type { Place, Places } from '../../src/storage/state/places.ts'

export class FakePlaces implements Places {
  epoch = 1
  place: Place | undefined

  async load(): Promise<Place | undefined> {
    return this.place
  }
  async save(_name: string, place: Place): Promise<void> {
    this.place = place
  }
  async remove(): Promise<void> {}
}
