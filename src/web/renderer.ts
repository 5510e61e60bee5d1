/** Views filled in: the one file that meets Handlebars, of which only the run time is here. */
import type Handlebars from 'handlebars'
import type { TemplateDelegate } from 'handlebars'
import runtime from 'handlebars/runtime.js'
import { directionOf, tongueOf } from '../article-text/tongue.ts'
import type { Render, Rendered } from './render.ts'
import { views } from './views/compiled.js'

/** Addresses of our own pages, and the schemes that cannot run anything; all else leads nowhere. */
export function safeAddress(address: unknown): string {
  const text = String(address)
  return /^(?:\/(?![/\\])|(?:https?|nntp):\/\/|news:|mailto:)/i.test(text) && !/[\0-\x20\\]/.test(text)
    ? text
    : '#'
}

/** A renderer over the compiled views. */
export function createRenderer(): Render {
  // The package declares nothing for its run time, which is a part of the whole.
  const engine = (runtime as typeof Handlebars).create()
  engine.registerHelper('href', safeAddress)
  engine.registerHelper('direction', directionOf)
  engine.registerHelper('tongue', tongueOf)
  const partials: Record<string, TemplateDelegate> = Object.create(null)
  for (const [name, specification] of Object.entries(views)) partials[name] = engine.template(specification)
  return (view, context, words) => {
    const template = partials[view]
    if (template === undefined) throw new Error(`no view ${view}: run bin/build-web.cjs`)
    return template(context, { partials, data: { words } }) as Rendered
  }
}
