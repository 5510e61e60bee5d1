/** Figures and the ways of articles as shapes of a picture: numbers and texts alone, which a view puts into SVG. */

import type { Label, Picture } from '../shown/picture.ts'
import type { Figure, Row } from './figures.ts'

const width = 640
const columnsHeight = 200
const floor = 24
const head = 18
const barHeight = 22
/** Of a column and the room around it: a few columns do not fill the picture. */
const broadest = 92
/** Left of bars, for their names. */
const nameWidth = 220
const mostCharacters = 30
/** Names under columns before they would run into each other. */
const mostNames = 7
/** About how broad a character is at most. */
const characterWidth = 7

const rounded = (value: number): string => value.toFixed(1)
const shortened = (text: string): string =>
  text.length > mostCharacters ? `${text.slice(0, mostCharacters - 1)}…` : text

export function pictureOf(figure: Figure, number: (count: number) => string): Picture {
  return figure.shape === 'columns' ? columns(figure, number) : bars(figure, number)
}

function greatest(rows: readonly Row[]): number {
  return rows.reduce((most, { count }) => Math.max(most, count), 1)
}

function columns({ title, rows }: Figure, number: (count: number) => string): Picture {
  const most = greatest(rows)
  const step = Math.min(width / Math.max(rows.length, 1), broadest)
  const room = columnsHeight - floor - head
  const every = Math.ceil(rows.length / mostNames)
  return {
    width,
    height: columnsHeight,
    title,
    bars: rows.map(({ count }, at) => {
      const height = (count / most) * room
      return {
        x: rounded(at * step + step * 0.1),
        y: rounded(columnsHeight - floor - height),
        width: rounded(step * 0.8),
        height: rounded(height),
      }
    }),
    ways: [],
    dots: [],
    labels: [
      { x: '0', y: '12', anchor: 'start', text: number(most) },
      ...rows.flatMap(({ name }, at): Label[] => {
        if (at % every !== 0) return []
        const y = String(columnsHeight - 8)
        const text = shortened(name)
        if (every === 1) return [{ x: rounded((at + 0.5) * step), y, anchor: 'middle', text }]
        // Names are broader than columns: they begin with theirs, and end with the picture at the latest.
        return at * step + text.length * characterWidth > width
          ? [{ x: String(width), y, anchor: 'end', text }]
          : [{ x: rounded(at * step), y, anchor: 'start', text }]
      }),
    ],
  }
}

function bars({ title, rows }: Figure, number: (count: number) => string): Picture {
  const most = greatest(rows)
  const room = width - nameWidth - 70
  const lengthOf = (count: number) => (count / most) * room
  return {
    width,
    height: Math.max(rows.length, 1) * barHeight,
    title,
    bars: rows.map(({ count }, at) => ({
      x: String(nameWidth),
      y: String(at * barHeight + 4),
      width: rounded(lengthOf(count)),
      height: String(barHeight - 8),
    })),
    ways: [],
    dots: [],
    labels: rows.flatMap(({ name, count }, at): Label[] => {
      const y = String(at * barHeight + barHeight - 7)
      return [
        { x: String(nameWidth - 8), y, anchor: 'end', text: shortened(name) },
        { x: rounded(nameWidth + lengthOf(count) + 6), y, anchor: 'start', text: number(count) },
      ]
    }),
  }
}

/** Hosts that articles passed through, on a circle, and the steps between them, the broader the more took them. */
export function flowPicture(hops: readonly Hop[], title: string): Picture {
  const hosts = [...new Set(hops.flatMap(({ from, to }) => [from, to]))]
  const size = 520
  const radius = 180
  const places = new Map(
    hosts.map((host, at) => {
      const angle = (at / hosts.length) * 2 * Math.PI - Math.PI / 2
      return [host, { x: width / 2 + radius * Math.cos(angle), y: size / 2 + radius * Math.sin(angle) }]
    }),
  )
  const most = hops.reduce((sum, { count }) => Math.max(sum, count), 1)
  return {
    width,
    height: size,
    title,
    bars: [],
    ways: hops.flatMap(({ from, to, count }) => {
      const [start, end] = [places.get(from), places.get(to)]
      if (start === undefined || end === undefined) return []
      const breadth = rounded(1 + 7 * (count / most))
      return [
        {
          x1: rounded(start.x),
          y1: rounded(start.y),
          x2: rounded(end.x),
          y2: rounded(end.y),
          width: breadth,
        },
      ]
    }),
    dots: [...places.values()].map(({ x, y }) => ({ x: rounded(x), y: rounded(y) })),
    labels: [...places].map(([host, { x, y }]) => ({
      x: rounded(x + (x < width / 2 ? -8 : 8)),
      y: rounded(y + 4),
      anchor: x < width / 2 ? 'end' : 'start',
      text: shortened(host),
    })),
  }
}

export interface Hop {
  readonly from: string
  readonly to: string
  readonly count: number
}
