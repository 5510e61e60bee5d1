/**
 * Views filled in: the one file that meets Handlebars, of which only the run time is here. Every value is escaped by
 * the templates; none is ever handed over as markup.
 */
import type Handlebars from 'handlebars'
import type { TemplateDelegate } from 'handlebars'
import runtime from 'handlebars/runtime.js'
import type { Theme } from './people/settings.ts'
import { views } from './views/compiled.js'
import type { Words } from './words/english.ts'

declare const brand: unique symbol
/** HTML that came out of a view; the only thing that is sent as HTML. */
export type Rendered = string & { readonly [brand]: 'Rendered' }

/** What every page has around it. Texts are shown as they are: make them visible and short before. */
export interface Frame {
  readonly site: string
  readonly title: string
  /** Address of the style sheet. */
  readonly style: string
  /** Address of the script, without which everything works but for what is live. */
  readonly script: string
  readonly icon: string
  /** Address of the page for programs; empty where there is none. */
  readonly twin: string
  /** The site's own pages, in the head of every page. */
  readonly navigation: readonly Place[]
  readonly theme: Theme
  /** Whether single keys do something. */
  readonly keys: 'on' | 'off'
  /** Atom feeds of what the page shows. */
  readonly feeds: readonly Link[]
  /** Address that tells as it happens what the page shows; empty where nothing does. */
  readonly live: string
  /** The token of the form that ends the session; empty where there is none. */
  readonly signOut: string
  /** Message-ID of the article that the thread shown began with; empty where the page shows more than a thread. */
  readonly thread: string
}

/** A text, and where it leads; `to` is empty where it leads nowhere. */
export interface Link {
  readonly text: string
  readonly to: string
}

export interface When {
  readonly text: string
  readonly machine: string
  readonly ago: string
}

export interface GroupLine {
  readonly name: string
  readonly to: string
  readonly description: string
  readonly articles: string
  /** `12 new`; empty where nothing is, or nobody follows the group. */
  readonly unread: string
  /** The newest article; its texts are empty where there is none. */
  readonly last: When
  /** The button that subscribes or ends it. */
  readonly switch: Switch
  /** `moderated`, `read only`; empty where there is nothing to say. */
  readonly note: string
}

/** A button of a form: its field, and what it says to those who do not see what it stands beside. */
export interface Switch {
  readonly name: string
  readonly value: string
  readonly text: string
  readonly about: string
}

export interface Section {
  /** Empty where the section has no heading. */
  readonly name: string
  readonly to: string
  readonly counts: string
  readonly unread: string
  readonly groups: readonly GroupLine[]
}

/** A link that says whether it is the page itself. ARIA 1.2 aria-current */
export interface Place extends Link {
  readonly current: 'page' | 'true' | ''
}

/** See `catch-up.ts`. */
export interface CatchUpForm {
  readonly token: string
  readonly group: string
  readonly upTo: string
  readonly back: string
}

export interface UndoForm {
  readonly token: string
  readonly text: string
  readonly back: string
}

export interface ArticleLine {
  readonly subject: string
  readonly to: string
  readonly author: string
  readonly when: When
}

/** An article in a tree, which is never deeper than a page can show. */
export interface ThreadLine {
  /** Empty where it is that of the article above. */
  readonly subject: string
  readonly to: string
  readonly author: string
  readonly when: When
  readonly unread: boolean
  readonly current: 'true' | ''
  /** For the style sheet: `new`, `gone`, or empty. */
  readonly mark: string
  readonly replies: readonly ThreadLine[]
}

/** A conversation in the list of a group. */
export interface ThreadSummary {
  readonly subject: string
  readonly to: string
  readonly articles: string
  /** Empty where all is read. */
  readonly unread: string
  /** The first that is unread. */
  readonly first: string
  readonly authors: readonly string[]
  /** Whether there are more authors, in words. */
  readonly others: string
  readonly last: { readonly to: string; readonly author: string; readonly when: When }
  readonly mark: string
}

/** The conversation around an article. */
export interface ThreadBox {
  /** How many articles it has; empty for an article that stands alone. */
  readonly summary: string
  readonly lines: readonly ThreadLine[]
  /** Other ways to read it. */
  readonly links: readonly Link[]
}

/** An article that was found; pieces that are hits are what was looked for. */
export interface FoundLine {
  readonly to: string
  readonly subject: readonly HitPiece[]
  readonly author: readonly HitPiece[]
  readonly when: When
  readonly excerpt: readonly HitPiece[]
  readonly groups: readonly Link[]
}

interface HitPiece {
  readonly text: string
  readonly hit: boolean
}

export interface HeaderLine {
  readonly name: string
  readonly parts: readonly Link[]
}

/** Text that leads somewhere, or is marked, or is only text. */
interface Piece extends Link {
  readonly mark: '' | 'bold' | 'italic' | 'underline'
}

/** Text, or blocks that are folded under a summary, which is empty for text. */
export interface BodyBlock {
  readonly style: 'own' | 'who' | 'q1' | 'q2' | 'q3' | 'q4' | 'signature' | 'quote' | 'spoiler'
  readonly pieces: readonly Piece[]
  readonly summary: string
  readonly blocks: readonly BodyBlock[]
}

export interface FileLine extends Link {
  /** Kind and size, in words. */
  readonly about: string
}

export interface FormField {
  readonly value: string
  /** Why it cannot be taken; empty where it can. */
  readonly problem: string
  /** As `aria-invalid` has it. */
  readonly invalid: 'true' | 'false'
}

/** One field; `choices`, `area` and `box` say that it is no line of text. */
export interface FormEntry {
  readonly id: string
  readonly label: string
  readonly hint: string
  readonly value: string
  readonly problem: string
  readonly type: 'text' | 'password' | 'email' | 'number'
  readonly autocomplete: string
  readonly required: boolean
  readonly choices: readonly { readonly value: string; readonly text: string; readonly chosen: boolean }[]
  readonly area: boolean
  readonly box: boolean
  /** Of a box. */
  readonly on: boolean
}

export interface FormShown {
  readonly action: string
  readonly heading: string
  readonly token: string
  readonly hidden: readonly { readonly name: string; readonly value: string }[]
  readonly entries: readonly FormEntry[]
  readonly button: string
}

/** An article that is not posted yet. */
export interface Preview {
  readonly subject: string
  readonly author: string
  readonly headers: readonly HeaderLine[]
  readonly blocks: readonly BodyBlock[]
}

/** What is said of a text before it is posted. */
export interface RemarkLine {
  readonly id: string
  readonly says: string
  readonly why: string
  /** Of the text; empty where that says nothing. */
  readonly found: string
  /** What the button sends that mends it; empty where there is none. */
  readonly mend: string
}

export interface DraftLine extends Link {
  readonly groups: string
  readonly saved: string
  readonly key: string
}

/** A view's name to what it shows. */
export interface Views {
  groups: {
    frame: Frame
    trail: readonly Link[]
    heading: string
    /** Address of the page without its query. */
    here: string
    token: string
    filter: string
    summary: string
    sections: readonly Section[]
    /** Why there is nothing to see; empty where there is. */
    empty: string
    pager: readonly Link[]
    /** Whether there is a next unread article to go to, perhaps. */
    offersNext: boolean
  }
  unread: {
    frame: Frame
    trail: readonly Link[]
    heading: string
    summary: string
    /** How many are hidden by rules; empty where none is. */
    hidden: string
    showHidden: string
    articles: readonly ArticleLine[]
    catchUp: CatchUpForm
    undo: UndoForm | undefined
    pager: readonly Link[]
  }
  group: {
    frame: Frame
    trail: readonly Link[]
    name: string
    description: string
    summary: string
    note: string
    post: string
    shapes: readonly Place[]
    /** Where not all articles are threaded. */
    since: string
    summaries: readonly ThreadSummary[]
    threads: readonly ThreadLine[]
    empty: boolean
    pager: readonly Link[]
  }
  article: {
    frame: Frame
    trail: readonly Link[]
    subject: string
    author: string
    when: When
    headers: readonly HeaderLine[]
    blocks: readonly BodyBlock[]
    notes: readonly string[]
    files: readonly FileLine[]
    actions: readonly Link[]
    /** The same article shown in other ways. */
    manners: readonly Link[]
    neighbours: readonly Link[]
  }
  post: {
    frame: Frame
    heading: string
    alert: string
    /** Whether a field has a problem. */
    faulty: boolean
    notes: readonly string[]
    link: Link
    manner: Link
    preview: Preview | undefined
    remarks: readonly RemarkLine[]
    /** Where drafts are sent while one writes; empty where none are kept. */
    drafts: string
    token: string
    key: string
    draft: string
    inReplyTo: string
    edits: string
    account: string
    seen: string
    name: FormField
    address: FormField
    newsgroups: FormField
    followupTo: FormField
    subject: FormField
    body: FormField
  }
  cancel: {
    frame: Frame
    subject: string
    groups: string
    action: string
    back: string
    token: string
    key: string
  }
  drafts: { frame: Frame; token: string; drafts: readonly DraftLine[] }
  form: {
    frame: Frame
    heading: string
    alert: string
    notes: readonly string[]
    forms: readonly FormShown[]
    links: readonly Link[]
  }
  search: {
    frame: Frame
    text: string
    problem: string
    notes: readonly string[]
    /** Newsgroup that the form begins with. */
    within: string
    /** The form by fields is shown at once. */
    open: boolean
    found: readonly FoundLine[]
    nothing: string
    pager: readonly Link[]
  }
  trouble: { frame: Frame; heading: string; text: string; find: boolean; link: Link }
}

export type ViewName = keyof Views

/** Addresses of our own pages, and the schemes that cannot run anything; all else leads nowhere. */
export function safeAddress(address: unknown): string {
  const text = String(address)
  return /^(?:\/(?![/\\])|(?:https?|nntp):\/\/|news:|mailto:)/i.test(text) && !/[\0-\x20\\]/.test(text)
    ? text
    : '#'
}

/** Views read the texts of the interface as `@words`. */
export type Render = <View extends ViewName>(view: View, context: Views[View], words: Words) => Rendered

/** A renderer over the compiled views. */
export function createRenderer(): Render {
  // The package declares nothing for its run time, which is a part of the whole.
  const engine = (runtime as typeof Handlebars).create()
  engine.registerHelper('href', safeAddress)
  const partials: Record<string, TemplateDelegate> = Object.create(null)
  for (const [name, specification] of Object.entries(views)) partials[name] = engine.template(specification)
  return (view, context, words) => {
    const template = partials[view]
    if (template === undefined) throw new Error(`no view ${view}: run bin/build-web.cjs`)
    return template(context, { partials, data: { words } }) as Rendered
  }
}
