import { readdirSync, readFileSync } from 'node:fs'
import { expect } from 'chai'

// Compiled tests stand in dist/test/web; the views are sources.
const folder = new URL('../../../src/web/views/', import.meta.url)
const views = readdirSync(folder)
  .filter(name => name.endsWith('.hbs'))
  .map(name => ({ name, text: readFileSync(new URL(name, folder), 'utf8') }))

describe('web: views', () => {
  it('are found', () => expect(views.length).to.be.greaterThan(5))

  for (const { name, text } of views) {
    it(`${name}: nothing is put in unescaped`, () => {
      expect(text).not.to.contain('{{{')
      expect(text).not.to.match(/\{\{~?&/)
    })

    it(`${name}: every attribute is quoted`, () => {
      for (const match of text.matchAll(/<[a-z][^<]*?>/g)) {
        const bare = match[0].replace(/="[^"]*"/g, '')
        expect(bare, match[0]).not.to.match(/[=']|\{\{/)
      }
    })

    it(`${name}: addresses are constant or pass the helper`, () => {
      for (const match of text.matchAll(/\b(href|src|action|formaction|poster|data|srcset)="([^"]*)"/g)) {
        expect(match[2], match[0]).to.match(/^(\{\{href [\w.]+\}\}|\/[\w/]*|#[\w]+)$/)
      }
    })

    it(`${name}: no scripts, styles or handlers inside`, () => {
      // Our one script, by its address.
      const without = text.replace('<script src="{{href frame.script}}" type="module"></script>', '')
      expect(without).not.to.match(/<script|<style|\bstyle=|\son[a-z]+=/i)
    })
  }
})
