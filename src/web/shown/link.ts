/** What nearly every view shows: links and times. Texts are shown as they are: make them visible and short before. */

/** A text, and where it leads; `to` is empty where it leads nowhere. */
export interface Link {
  readonly text: string
  readonly to: string
}

export interface When {
  readonly text: string
  readonly machine: string
  readonly ago: string
}
