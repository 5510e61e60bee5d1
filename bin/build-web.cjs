// Builds what the compiler leaves out of the web reader: the views, precompiled so that no template compiler runs in
// the node, the script and the style sheet, each bundled into one file, and the static files. Run behind tsc by
// bin/setup.cjs, which names the folder.
'use strict'
const { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } = require('node:fs')
const { basename, join } = require('node:path')
const esbuild = require('esbuild')
const Handlebars = require('handlebars')

const root = join(__dirname, '..')
const source = join(root, 'src/web')
const target = join(process.argv[2] ?? join(root, 'dist'), 'src/web')

const views = readdirSync(join(source, 'views'))
  .filter(name => name.endsWith('.hbs'))
  .sort()

// Strict: a field that the page function forgot is an error and not an empty place.
const options = {
  strict: true,
  knownHelpersOnly: true,
  knownHelpers: { href: true, direction: true, tongue: true },
}
const compiled = views.map(file => {
  const text = readFileSync(join(source, 'views', file), 'utf8')
  return `  '${basename(file, '.hbs')}': ${Handlebars.precompile(text, { ...options, srcName: undefined })},`
})

mkdirSync(join(target, 'views'), { recursive: true })
writeFileSync(
  join(target, 'views/compiled.js'),
  `// Made by bin/build-web.cjs from src/web/views.\nexport const views = {\n${compiled.join('\n')}\n}\n`,
)
rmSync(join(target, 'static'), { recursive: true, force: true })
cpSync(join(source, 'static'), join(target, 'static'), { recursive: true })
esbuild.buildSync({
  entryPoints: { reader: join(source, 'script/reader.ts'), style: join(source, 'style/style.css') },
  outdir: join(target, 'static'),
  bundle: true,
  minify: true,
  format: 'esm',
  target: ['es2022', 'chrome109', 'firefox115', 'safari16'],
  logLevel: 'warning',
})
