/** What a browser would make of a page, judged against the views: no element that they do not have, nothing that runs. */
import { readdirSync, readFileSync } from 'node:fs'
import { type DefaultTreeAdapterTypes, parse } from 'parse5'

type Node = DefaultTreeAdapterTypes.Node

// Compiled tests stand in dist/test/support; the views are sources.
const folder = new URL('../../../src/web/views/', import.meta.url)

/** Elements that views write, each with its attributes: `a[class href]`. */
function writtenShapes(): ReadonlySet<string> {
  // The parser makes these three of nothing.
  const shapes = new Set(['html[]', 'head[]', 'body[]'])
  for (const file of readdirSync(folder).filter(name => name.endsWith('.hbs'))) {
    const text = readFileSync(new URL(file, folder), 'utf8').replace(/\{\{[^{}]*\}\}/g, '')
    for (const [, name = '', attributes = ''] of text.matchAll(
      /<([a-z][a-z0-9]*)((?:\s+[a-z-]+(?:="[^"]*")?)*)\s*>/g,
    ))
      shapes.add(
        shapeOf(
          name,
          [...attributes.matchAll(/([a-z-]+)(?:="[^"]*")?/g)].map(match => match[1] ?? ''),
        ),
      )
  }
  return shapes
}

function shapeOf(name: string, attributes: readonly string[]): string {
  return `${name}[${[...attributes].sort().join(' ')}]`
}

const written = writtenShapes()

const address = /^(?:\/(?![/\\])[^\s"<>\\]*|#[a-z]*|(?:https?|nntp):\/\/[^\s"<>\\]+|mailto:[\w.+-]+@[\w.-]+)$/

export interface Audit {
  /** What must not be; empty for a good page. */
  readonly faults: readonly string[]
  readonly text: string
  readonly elements: number
}

const unseen = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/

/** `typed`: fields of forms hold what a person will send, and may hold anything. */
export function auditPage(html: string): Audit {
  const faults: string[] = []
  const texts: string[] = []
  let elements = 0
  const stack: Node[] = [parse(html)]
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (node.nodeName === '#comment') faults.push('a comment')
    if ('value' in node) texts.push(node.value)
    if ('tagName' in node) {
      elements++
      faults.push(...elementFaults(node))
      // What stands in a form is what will be sent, and stays as it is.
      if (node.tagName === 'textarea') continue
    }
    if ('childNodes' in node) stack.push(...node.childNodes)
  }
  const text = texts.join('\n')
  if (unseen.test(text))
    faults.push(`a character that does not show: ${JSON.stringify(unseen.exec(text)?.[0])}`)
  return { faults, text, elements }
}

function elementFaults({ tagName, attrs }: DefaultTreeAdapterTypes.Element): string[] {
  const shape = shapeOf(
    tagName,
    attrs.map(({ name }) => name),
  )
  const faults = written.has(shape) ? [] : [`an element of no view: ${shape}`]
  for (const { name, value } of attrs) {
    if (name.startsWith('on') || name === 'style' || name === 'srcdoc') faults.push(`${name} on ${tagName}`)
    if (/^(?:href|src|action|formaction|data|poster)$/.test(name) && !address.test(value))
      faults.push(`${name} leads to ${value}`)
  }
  return faults
}
