/** Curves of growth as one SVG: a small diagram a figure, both axes from the smallest to the largest, sizes by powers. */
import { type GrowthFigure, growthFigures, type Step } from './growth.ts'

const width = 320
const height = 180
const margin = { left: 64, right: 16, top: 34, bottom: 34 }
const columns = 2

/** What the steps show, with the name of the machine and versions under it. */
export function plot(steps: readonly Step[], caption: string): string {
  const names = Object.keys(growthFigures) as GrowthFigure[]
  const rows = Math.ceil(names.length / columns)
  const diagrams = names.map((name, at) => {
    const place = `translate(${(at % columns) * width} ${Math.floor(at / columns) * height})`
    return `<g transform="${place}">${diagram(name, steps)}</g>`
  })
  const size = { width: columns * width, height: rows * height + 24 }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" font-family="sans-serif" font-size="11">`,
    '<title>What paths cost as a store grows</title>',
    `<rect width="${size.width}" height="${size.height}" fill="#fff"/>`,
    ...diagrams,
    `<text x="8" y="${size.height - 8}" fill="#555">${escaped(caption)}</text>`,
    '</svg>\n',
  ].join('\n')
}

function diagram(name: GrowthFigure, steps: readonly Step[]): string {
  const values = steps.map(({ figures }) => figures[name])
  const top = Math.max(...values) * 1.1 || 1
  const sizes = steps.map(({ articles }) => Math.log10(articles))
  const [first = 0, last = 1] = [sizes[0], sizes.at(-1)]
  const inner = {
    width: width - margin.left - margin.right,
    height: height - margin.top - margin.bottom,
  }
  const x = (size: number) => margin.left + ((size - first) / (last - first || 1)) * inner.width
  const y = (value: number) => margin.top + inner.height - (value / top) * inner.height
  const points = steps.map(({ figures }, at) => [x(sizes[at] ?? 0), y(figures[name])] as const)
  const floor = margin.top + inner.height
  return [
    `<text x="${margin.left}" y="18" font-weight="bold">${escaped(growthFigures[name].title)}</text>`,
    `<path d="M${margin.left} ${margin.top}V${floor}H${width - margin.right}" fill="none" stroke="#888"/>`,
    ...[0, top / 1.1].map(
      value =>
        `<text x="${margin.left - 6}" y="${y(value) + 4}" text-anchor="end" fill="#555">${short(value)}</text>`,
    ),
    ...steps.map(
      ({ articles }, at) =>
        `<text x="${x(sizes[at] ?? 0)}" y="${floor + 16}" text-anchor="middle" fill="#555">${short(articles)}</text>`,
    ),
    `<polyline points="${points.map(([px, py]) => `${px.toFixed(1)},${py.toFixed(1)}`).join(' ')}" fill="none" stroke="#0b6bcb" stroke-width="2"/>`,
    ...points.map(([px, py]) => `<circle cx="${px.toFixed(1)}" cy="${py.toFixed(1)}" r="3" fill="#0b6bcb"/>`),
  ].join('')
}

/** `1.2 M`, `640 k`, `0.13` */
function short(value: number): string {
  if (value >= 1e6) return `${trimmed(value / 1e6)} M`
  if (value >= 1e3) return `${trimmed(value / 1e3)} k`
  return trimmed(value)
}

const trimmed = (value: number): string => String(Number(value.toPrecision(3)))

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
