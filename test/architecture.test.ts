import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { codeOf, importsOf, projectFolder, type SourceFile, sourceFiles } from './support/source-tree.ts'

const files = sourceFiles('src')

type Layer = 'root' | 'cli' | 'server' | 'web' | 'feed' | 'storage' | 'vocabulary'

/** What each layer may import, besides itself. Server and web never see each other. */
const below: Readonly<Record<Layer, readonly Layer[]>> = {
  cli: ['root', 'server', 'feed', 'storage', 'vocabulary'],
  root: ['server', 'web', 'feed', 'storage', 'vocabulary'],
  server: ['feed', 'storage', 'vocabulary'],
  web: ['feed', 'storage', 'vocabulary'],
  feed: ['storage', 'vocabulary'],
  storage: ['vocabulary'],
  vocabulary: [],
}

/** The composition root: makes the parts and joins them. */
const root = ['src/main.ts', 'src/composition/']

function layerOf(path: string): Layer {
  if (root.some(place => path.startsWith(place))) return 'root'
  const [, folder = '', rest] = path.split('/')
  if (rest === undefined) return 'vocabulary'
  return (Object.keys(below) as Layer[]).find(layer => layer === folder) ?? 'vocabulary'
}

/** Packages that more than two files import, and why. */
const everywhere: Readonly<Record<string, string>> = {
  zod: 'schemas are written in it, each beside the values it checks',
  commander: 'every file of cli/ adds its own command',
}

// The script of the pages runs in a browser and has nothing but the browser around it.
const ambientPlaces = ['src/main.ts', 'src/clock.ts', 'src/cli/', 'src/web/script/']

interface Smell {
  readonly name: string
  readonly pattern: RegExp
  /** Text in which it must be found. */
  readonly bad: string
  /** Files where it may stand, and why. */
  readonly except?: Readonly<Record<string, string>>
  /** Folders and files where it may stand anyway. */
  readonly allowed?: readonly string[]
}

const smells: readonly Smell[] = [
  { name: 'state of a module', pattern: /^(?:export )?(?:let|var)\b/m, bad: 'const a = 1\nlet b = 2' },
  {
    name: 'the time of day from anywhere but a clock',
    pattern: /\bDate\.now\b|\bnew Date\(\)|\bperformance\.now\b|\bhrtime\b/,
    bad: 'const now = Date.now()',
    allowed: ambientPlaces,
    except: { 'src/log-output.ts': 'lines of the log bear the time of the process that writes them' },
  },
  {
    name: 'a timer from anywhere but a clock',
    pattern: /\bset(?:Timeout|Interval)\b/,
    bad: 'setTimeout(() => undefined, 5)',
    allowed: ambientPlaces,
  },
  {
    name: 'chance that cannot be passed in',
    pattern: /\bMath\.random\b|\brandomUUID\b|\brandomBytes\b/,
    bad: 'const id = randomUUID()',
    allowed: ambientPlaces,
    except: { 'src/web/web.ts': 'only where the composition root passes no other' },
  },
  {
    name: 'the process',
    pattern: /\bprocess\.(?:env|exit|argv|on|once|kill|exitCode)\b/,
    bad: 'process.exit(1)',
    allowed: ambientPlaces,
  },
  {
    name: 'another program that is started',
    pattern: /\bexecFile\b|\bspawn\b|\bfork\b/,
    bad: 'const child = spawn(file)',
    except: {
      'src/run-program.ts': 'the one place, for programs of the configuration, without a shell',
    },
  },
  {
    name: 'a secret compared in a time that tells where it differs',
    pattern: /\b\w*(?:token|secret|proof|storedKey|hmac)\w*\s*[!=]==?(?![=\s]*(?:undefined\b|''))/i,
    bad: 'if (token === given) return',
  },
  { name: 'any', pattern: /\bas any\b|: any\b|<any>/, bad: 'const a = b as any' },
  { name: 'a cast through unknown', pattern: /\bas unknown as\b/, bad: 'const a = b as unknown as string' },
  { name: 'a value taken for present', pattern: /[\w)\]]!(?:\.|\[|\)|,|;|$)/m, bad: 'a!.b' },
  { name: 'state that is not #private', pattern: /\bthis\._\w/, bad: 'this._a = 1' },
  { name: 'an error that vanishes', pattern: /\bcatch(?: \(\w*\))? \{\s*\}/, bad: 'try { a() } catch {}' },
  { name: 'a default export', pattern: /^export default\b/m, bad: 'export default 1' },
  { name: 'a barrel', pattern: /^export (?:type )?(?:\*|\{[^}]*\} from)/m, bad: "export * from './a.ts'" },
  { name: 'an enum or namespace', pattern: /^(?:export )?(?:const )?(?:enum|namespace) /m, bad: 'enum A {}' },
  {
    name: 'inheritance but of Error',
    pattern: /\bclass \w+ extends (?!Error\b)/,
    bad: 'class A extends B {}',
    except: { 'src/cli/context.ts': 'ConfigFault is a ControlFault, which is an Error' },
  },
  { name: 'a debugging line', pattern: /\bconsole\.|\bdebugger\b/, bad: 'console.log(1)' },
]

const found = ({ pattern, allowed = [], except = {} }: Smell, { path, text }: SourceFile): boolean =>
  !allowed.some(place => path === place || (place.endsWith('/') && path.startsWith(place))) &&
  !(path in except) &&
  pattern.test(codeOf(text))

interface Arrow {
  readonly from: string
  readonly to: string
}

const arrowsOf = (all: readonly SourceFile[]): Arrow[] =>
  all.flatMap(file => importsOf(file).map(({ target }) => ({ from: file.path, to: target })))

/** What is left when whatever imports none of the others, or is imported by none, is taken away again and again. */
function inCircles(arrows: readonly Arrow[]): string[] {
  let left = new Set(arrows.flatMap(({ from, to }) => [from, to]))
  for (;;) {
    const among = arrows.filter(({ from, to }) => left.has(from) && left.has(to))
    const importing = new Set(among.map(({ from }) => from))
    const both = new Set(among.map(({ to }) => to).filter(path => importing.has(path)))
    if (both.size === left.size) return [...left].sort()
    left = both
  }
}

/** The folders of `layer`, and the files beside them, instead of what is in those folders. */
function betweenFolders(layer: string, arrows: readonly Arrow[]): Arrow[] {
  const placeOf = (path: string) => path.split('/').slice(0, 3).join('/')
  return arrows
    .filter(({ from, to }) => from.startsWith(`src/${layer}/`) && to.startsWith(`src/${layer}/`))
    .map(({ from, to }) => ({ from: placeOf(from), to: placeOf(to) }))
    .filter(({ from, to }) => from !== to)
}

const beginsFunction =
  /^(?:export )?(?:async )?function\*? (\w+)|^(?:export )?const (\w+) = .*=> \{$|^ {2}(?:static |async |\*|get )*(#?\w+)\([^=]*\)(?:: [^=]*)? \{$/

/** Functions and methods of more than `most` lines: the formatter sets their last brace below their first word. */
function longFunctions(text: string, most: number): string[] {
  const lines = text.split('\n')
  return lines.flatMap((line, at) => {
    const [, named, arrow, method] = beginsFunction.exec(line) ?? []
    const name = named ?? arrow ?? method
    if (name === undefined) return []
    const brace = method === undefined ? '}' : '  }'
    const end = lines.findIndex((each, behind) => behind > at && (each === brace || each === `${brace})`))
    return end - at + 1 > most ? [name] : []
  })
}

describe('architecture', () => {
  it('has source files to look at', () => {
    expect(files.length).to.be.greaterThan(150)
    expect(files.flatMap(importsOf).length).to.be.greaterThan(700)
    for (const { path, text } of files) {
      const code = codeOf(text)
      expect(code.split('{').length, path).to.equal(code.split('}').length)
      expect(code.split('\n').length, path).to.equal(text.split('\n').length)
    }
  })

  it('lets layers import only what is below them', () => {
    const wrong = files.flatMap(file =>
      importsOf(file)
        .filter(({ ours }) => ours)
        .map(({ target }) => target)
        .filter(target => {
          const from = layerOf(file.path)
          const to = layerOf(target)
          return from !== to && !below[from].includes(to)
        })
        .map(target => `${file.path} -> ${target}`),
    )
    expect(wrong).to.deep.equal([])
  })

  it('has no files that import each other in a circle', () => {
    const ring: SourceFile[] = [
      { path: 'src/a.ts', text: "import { b } from './b.ts'" },
      { path: 'src/b.ts', text: "import type { A } from './a.ts'" },
      { path: 'src/c.ts', text: "import { a } from './a.ts'" },
    ]
    expect(inCircles(arrowsOf(ring)), 'the sample').to.deep.equal(['src/a.ts', 'src/b.ts'])
    expect(inCircles(arrowsOf(files))).to.deep.equal([])
  })

  it('has no folders of storage, feed, server or web that use each other in a circle', () => {
    const ring = [
      { from: 'src/feed/a/one.ts', to: 'src/feed/b/two.ts' },
      { from: 'src/feed/b/three.ts', to: 'src/feed/a/four.ts' },
      { from: 'src/feed/b/two.ts', to: 'src/feed/c.ts' },
    ]
    expect(inCircles(betweenFolders('feed', ring)), 'the sample').to.deep.equal(['src/feed/a', 'src/feed/b'])
    const arrows = arrowsOf(files)
    for (const layer of ['storage', 'feed', 'server', 'web']) {
      const between = betweenFolders(layer, arrows)
      expect(between.length, layer).to.be.greaterThan(30)
      expect(inCircles(between), layer).to.deep.equal([])
    }
  })

  it('imports only files that exist', () => {
    const paths = new Set(files.map(({ path }) => path))
    // The compiled views are made by the build.
    const made = ['src/web/views/compiled.js']
    const missing = files.flatMap(importsOf).filter(({ ours, target }) => ours && !paths.has(target))
    expect(missing.map(({ target }) => target).filter(target => !made.includes(target))).to.deep.equal([])
  })

  it('imports an outside package in one or two files', () => {
    const users = new Map<string, Set<string>>()
    for (const file of files)
      for (const { ours, target } of importsOf(file))
        if (!ours) users.set(target, (users.get(target) ?? new Set()).add(file.path))
    const spread = [...users].filter(([name, { size }]) => size > 2 && !(name in everywhere))
    expect(spread.map(([name, where]) => `${name}: ${[...where].join(', ')}`)).to.deep.equal([])
    for (const name of Object.keys(everywhere)) expect([...users.keys()]).to.include(name)
  })

  it('declares every outside package it imports', () => {
    const manifest = JSON.parse(readFileSync(join(projectFolder, 'package.json'), 'utf8'))
    const used = new Set(files.flatMap(importsOf).flatMap(({ ours, target }) => (ours ? [] : [target])))
    const declared = [
      ...Object.keys(manifest.dependencies),
      ...Object.keys(manifest.optionalDependencies ?? {}),
    ]
    expect([...used].filter(name => !declared.includes(name))).to.deep.equal([])
  })

  for (const smell of smells) {
    it(`has nowhere ${smell.name}`, () => {
      expect(found(smell, { path: 'src/feed/bad.ts', text: smell.bad }), 'the sample').to.equal(true)
      expect(files.filter(file => found(smell, file)).map(({ path }) => path)).to.deep.equal([])
      // An exception that nobody needs any more is taken out.
      for (const path of Object.keys(smell.except ?? {})) {
        const file = files.find(each => each.path === path) ?? { path, text: '' }
        expect(smell.pattern.test(codeOf(file.text)), path).to.equal(true)
      }
    })
  }

  it('names files in kebab-case, by what they hold', () => {
    const empty = /(?:^|-)(?:utils?|helpers?|common|types|index|misc|manager)$/
    const names = files.map(({ path }) => path.replace(/^.*\//, '').replace(/(\.d)?\.ts$/, ''))
    expect(names.filter(name => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name) || empty.test(name))).to.deep.equal([])
  })

  it('begins each file with a sentence that says what it is', () => {
    const silent = files.filter(({ path, text }) => !path.endsWith('.d.ts') && !text.startsWith('/**'))
    expect(silent.map(({ path }) => path)).to.deep.equal([])
  })

  it('keeps files short', () => {
    const lines = files.map(({ path, text }) => ({ path, count: text.split('\n').length - 1 }))
    expect(lines.filter(({ count }) => count > 400).map(({ path }) => path)).to.deep.equal([])
    const counts = lines.map(({ count }) => count).sort((a, b) => a - b)
    expect(counts[Math.floor(counts.length / 2)]).to.be.at.most(120)
  })

  it('keeps functions short', () => {
    const sample =
      'export function short() {\n}\nclass A {\n  async #long(a: string) {\n    a()\n    a()\n  }\n}'
    expect(longFunctions(sample, 3), 'the sample').to.deep.equal(['#long'])
    const long = files.flatMap(({ path, text }) => longFunctions(text, 60).map(name => `${path}: ${name}`))
    expect(long).to.deep.equal([])
  })

  it('has a README of at most 40 lines in each folder of src', () => {
    for (const entry of readdirSync(join(projectFolder, 'src'), { withFileTypes: true })) {
      if (!entry.isDirectory()) continue
      const readme = join(projectFolder, 'src', entry.name, 'README.md')
      expect(existsSync(readme), readme).to.equal(true)
      expect(readFileSync(readme, 'utf8').split('\n').length - 1, readme).to.be.at.most(40)
    }
  })
})
