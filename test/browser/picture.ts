/** Makes the picture of the README: `node dist/test/browser/picture.js` after a build, with Debian's chromium. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type BrowserWindow, RealBrowser } from '../support/browser.ts'
import { RunningSite } from '../support/running-site.ts'
import { harbourArticles } from './harbour.ts'
import { palettePng } from './palette.ts'

const target = new URL('../../../docs/pictures/thread.png', import.meta.url)
const size = { width: 1240, height: 740 }
const group =
  '[[group]]\nname = "local.harbour"\ndescription = "What goes on at the quay"\n[web]\ntitle = "Harbour News"\n'
/** Read before the picture is taken, so that it shows what is new and what is not. */
const read = ['winter', 'bo', 'taro', 'celik']

await using site = await RunningSite.start('harbour.example', group, { web: true })
await takeIn(site)
await using browser = await RealBrowser.launch()
const window = await browser.window(site.web, size)
for (const id of read) await window.page.goto(`/m/${id}@harbour.example/`)
writeFileSync(target, await pictureOf(window))

async function takeIn({ folder, run }: RunningSite): Promise<void> {
  const articles = join(folder, 'articles')
  mkdirSync(articles)
  for (const [at, octets] of harbourArticles.entries())
    writeFileSync(join(articles, `${at + 1}`.padStart(3, '0')), octets)
  const { code, err } = await run.call(site, ['import', '--format', 'files', articles])
  if (code !== 0) throw new Error(err)
}

async function pictureOf({ page }: BrowserWindow): Promise<Buffer> {
  const taken = (await page.screenshot()).toString('base64')
  // The browser itself opens what it has packed, on a page of its own, where its own policy does not stand in the way.
  const blank = await page.context().newPage()
  const pixels = await blank.evaluate<string>(`(async () => {
    const image = new Image()
    image.src = 'data:image/png;base64,${taken}'
    await image.decode()
    const canvas = new OffscreenCanvas(image.width, image.height)
    const context = canvas.getContext('2d')
    context.drawImage(image, 0, 0)
    const { data } = context.getImageData(0, 0, image.width, image.height)
    let text = ''
    for (let at = 0; at < data.length; at += 8192) text += String.fromCharCode(...data.subarray(at, at + 8192))
    return btoa(text)
  })()`)
  return palettePng(Buffer.from(pixels, 'base64'), size.width, size.height)
}
