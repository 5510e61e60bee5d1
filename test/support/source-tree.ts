/** The source files as text, for tests of what may stand where. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'

export const projectFolder = fileURLToPath(new URL('../../../', import.meta.url))

export interface SourceFile {
  /** `src/feed/accept.ts` */
  readonly path: string
  readonly text: string
}

export interface Import {
  /** A path of the tree for a file of ours, else the package, without what it is asked for inside. */
  readonly target: string
  readonly ours: boolean
}

/** All TypeScript files below a folder of the project, in order. */
export function sourceFiles(folder: string): SourceFile[] {
  return readdirSync(join(projectFolder, folder), { withFileTypes: true, recursive: true })
    .filter(entry => entry.isFile() && entry.name.endsWith('.ts'))
    .map(entry => join(entry.parentPath, entry.name).slice(projectFolder.length))
    .sort()
    .map(path => ({ path, text: readFileSync(join(projectFolder, path), 'utf8') }))
}

/** What a file imports or exports again, modules of Node left out. */
export function importsOf({ path, text }: SourceFile): Import[] {
  const targets = [...text.matchAll(/^(?:import|export|\})[^'"\n]*\bfrom '([^']+)'|^import '([^']+)'/gm)]
  const names = targets.map(([, from, bare]) => from ?? bare ?? '')
  names.push(...[...text.matchAll(/\bimport\('([^']+)'\)/g)].map(([, name = '']) => name))
  return names
    .filter(name => !name.startsWith('node:'))
    .map(name => {
      const ours = name.startsWith('.')
      return { ours, target: ours ? normalize(join(dirname(path), name)) : packageOf(name) }
    })
}

const packageOf = (name: string): string => /^(?:@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? name

/** The code alone: comments and the text of strings taken out, line by line as it was. No regular expressions with quotes. */
export function codeOf(text: string): string {
  const scanner = new Scanner(text)
  return scanner.code()
}

const token = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`|\{|\}|[^'"`{}/]+|[\s\S]/y
const templateText = /(?:[^`\\$]|\\[\s\S]|\$(?!\{))*(`|\$\{)?/y

/** Knows where a template literal goes on behind the braces of an expression in it. */
class Scanner {
  readonly #text: string
  #at = 0
  /** For each open brace whether a template literal goes on behind it. */
  readonly #braces: boolean[] = []

  constructor(text: string) {
    this.#text = text
  }

  code(): string {
    let code = ''
    while (this.#at < this.#text.length) {
      const [part = ''] = this.#next(token)
      if (part === '`') code += this.#template()
      else if (part === '{') {
        this.#braces.push(false)
        code += part
      } else if (part === '}') code += this.#braces.pop() ? `) ${this.#template()}` : part
      else if (/^(?:\/[/*]|'|")/.test(part)) code += `${/^\//.test(part) ? '' : "''"}${newlines(part)}`
      else code += part
    }
    return code
  }

  #template(): string {
    const [text = '', end] = this.#next(templateText)
    if (end !== '${') return `''${newlines(text)}`
    this.#braces.push(true)
    return `''${newlines(text)} (`
  }

  #next(pattern: RegExp): readonly string[] {
    pattern.lastIndex = this.#at
    const match = pattern.exec(this.#text) ?? ['']
    this.#at += Math.max(1, match[0]?.length ?? 0)
    return match
  }
}

const newlines = (text: string): string => text.replace(/[^\n]/g, '')
