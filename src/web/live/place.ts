/** A place in the arrival log as it is written outside: `epoch-arrival`. A restore begins a new epoch. */
import type { Arrival } from '../../storage/reading.ts'

/** As `id` of events and in addresses. */
export function placeText(epoch: number, arrival: number): string {
  return `${epoch}-${arrival}`
}

/** The arrival of a place of this epoch; undefined for a foreign one, and for what is none. */
export function arrivalOf(text: string, epoch: number): Arrival | undefined {
  const [, its, arrival] = /^(\d{1,15})-(\d{1,15})$/.exec(text) ?? []
  return Number(its) === epoch ? (Number(arrival) as Arrival) : undefined
}
