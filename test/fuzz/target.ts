/** One reader of octets from outside, as the fuzzer sees it. */

export interface Target {
  readonly name: string
  /** Good and half-good input to begin with. */
  readonly seeds: readonly Buffer[]
  /** What means something to it: put in, taken out and repeated anywhere. */
  readonly words: readonly string[]
  /**
   * Reads the octets in these pieces and tells in words what came of them, which must be the same for all pieces.
   * Whatever it throws is a failure: faults that belong to the protocol are part of what it tells.
   */
  run(pieces: readonly Buffer[]): string | Promise<string>
}

export const octets = (text: string): Buffer => Buffer.from(text, 'latin1')

/** For targets that are given their input whole. */
export const whole = (pieces: readonly Buffer[]): Buffer =>
  pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat([...pieces])

/** Fails the run where what always holds does not. */
export function always(holds: boolean, what: string): void {
  if (!holds) throw new Error(`does not hold: ${what}`)
}
