/** A picture as numbers and texts, which a view puts into SVG. */

export interface Bar {
  readonly x: string
  readonly y: string
  readonly width: string
  readonly height: string
}

export interface Label {
  readonly x: string
  readonly y: string
  readonly anchor: 'start' | 'middle' | 'end'
  readonly text: string
}

export interface Way {
  readonly x1: string
  readonly y1: string
  readonly x2: string
  readonly y2: string
  readonly width: string
}

export interface Dot {
  readonly x: string
  readonly y: string
}

export interface Picture {
  readonly width: number
  readonly height: number
  readonly title: string
  readonly bars: readonly Bar[]
  readonly ways: readonly Way[]
  readonly dots: readonly Dot[]
  readonly labels: readonly Label[]
}

/** A figure and its table. */
export interface FigureShown {
  readonly title: string
  /** Address of the picture. */
  readonly chart: string
  /** What its rows count. */
  readonly counted: string
  readonly rows: readonly { readonly name: string; readonly to: string; readonly count: string }[]
}

export interface HopLine {
  readonly from: string
  readonly to: string
  readonly count: string
}
