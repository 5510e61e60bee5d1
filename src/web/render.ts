/** What each view shows. Every value is escaped by the views; none is ever handed over as markup. */
import type { Theme } from './people/settings.ts'
import type { FormField, FormShown, RemarkLine } from './shown/forms.ts'
import type { Link as ShownLink, When as ShownWhen } from './shown/link.ts'
import type { Fact, OfficeShown } from './shown/office.ts'
import type { FigureShown, HopLine, Picture } from './shown/picture.ts'
import type {
  GroupsShown,
  ReadingBar,
  SavedShown,
  ScoresShown,
  SubscriptionsShown,
  ToolForm,
  UnreadShown,
} from './shown/reading.ts'
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

export type Link = ShownLink
export type When = ShownWhen

export const nowhere: Link = { text: '', to: '' }

/** A link that says whether it is the page itself. ARIA 1.2 aria-current */
export interface Place extends Link {
  readonly current: 'page' | 'true' | ''
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
  /** For the style sheet, by words: `new`, `more`, `also` (answers what the line before answers); may be empty. */
  readonly mark: string
  readonly replies: readonly ThreadLine[]
}

/** A conversation in the list of a group. */
export interface ThreadSummary {
  readonly subject: string
  readonly to: string
  /** Empty for one that stands alone. */
  readonly articles: string
  /** Empty where all is read. */
  readonly unread: string
  /** The first that is unread. */
  readonly first: string
  readonly authors: readonly string[]
  /** Whether there are more authors, in words. */
  readonly others: string
  /** The author is empty where it is the only one. */
  readonly last: { readonly to: string; readonly author: string; readonly when: When }
  readonly mark: string
}

/** The conversation around an article. */
export interface ThreadBox {
  /** How many articles it has. */
  readonly summary: string
  /** None for an article that stands alone. */
  readonly lines: readonly ThreadLine[]
  /** The article that all others answer, where it is not here. */
  readonly missing: Link
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
  /** Where what is inside is filled in later; empty where it is here. */
  readonly seam: string
}

export interface FileLine extends Link {
  /** Kind and size, in words. */
  readonly about: string
}

/** An article that waits for release. */
export interface HeldLine {
  readonly id: string
  readonly subject: string
  readonly facts: readonly Fact[]
  readonly blocks: readonly BodyBlock[]
  /** That the text is longer than this; empty where it is not. */
  readonly rest: string
}

/** An article that is not posted yet. */
export interface Preview {
  readonly subject: string
  readonly author: string
  readonly headers: readonly HeaderLine[]
  readonly blocks: readonly BodyBlock[]
}

export interface DraftLine extends Link {
  readonly groups: string
  readonly saved: string
  readonly key: string
}
type Framed<Shown> = Shown & { readonly frame: Frame }
type Forms = { readonly forms: readonly FormShown[] }

/** A link that a key follows; empty for none. */
export interface KeyLink extends Link {
  readonly key: 'j' | 'k' | 'Space' | ''
}

/** An article among others of its conversation. */
export interface ToldArticle {
  /** Names it on its page. */
  readonly anchor: string
  readonly mark: string
  /** Empty where it is that of the article before. */
  readonly subject: string
  readonly to: string
  readonly author: string
  readonly when: When
  /** What it answers. */
  readonly parent: Link
  readonly notes: readonly string[]
  /** Of the text, where its characters tell; see `tongueOf`. */
  readonly language: string
  readonly blocks: readonly BodyBlock[]
  /** Where a long one goes on. */
  readonly rest: Link
  readonly files: readonly FileLine[]
}

/** A view's name to what it shows. */
export interface Views {
  groups: Framed<GroupsShown>
  unread: Framed<UnreadShown>
  subscriptions: Framed<SubscriptionsShown & Forms>
  saved: Framed<SavedShown>
  scores: Framed<ScoresShown & Forms>
  group: {
    frame: Frame
    trail: readonly Link[]
    name: string
    description: string
    summary: string
    note: string
    post: string
    /** The form of the search for it. */
    search: string
    shapes: readonly Place[]
    /** Where not all articles are threaded. */
    bar: ReadingBar
    /** What rules have left out; empty where nothing is. */
    hidden: string
    showHidden: string
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
    /** Message-ID and References, folded; none where they stand among the headers. */
    identifiers: readonly HeaderLine[]
    /** See `ToldArticle`. */
    language: string
    blocks: readonly BodyBlock[]
    /** See `BodyBlock`. */
    seam: string
    notes: readonly string[]
    /** Of a long text. */
    parts: readonly Place[]
    files: readonly FileLine[]
    actions: readonly Link[]
    /** The same article shown in other ways. */
    manners: readonly Link[]
    neighbours: readonly KeyLink[]
    thread: ThreadBox
    /** Where the next unread article is. */
    next: string
    tools: readonly ToolForm[]
  }
  conversation: {
    frame: Frame
    trail: readonly Link[]
    subject: string
    thread: ThreadBox
    told: readonly ToldArticle[]
    pager: readonly KeyLink[]
  }
  /** A conversation on one page, cut in two where `seam` stands. */
  flat: { frame: Frame; trail: readonly Link[]; subject: string; summary: string; seam: string }
  told: ToldArticle
  blocks: { blocks: readonly BodyBlock[] }
  /** Pieces of a text. */
  marked: Pick<BodyBlock, 'pieces'>
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
    /** The field that one begins to write in; empty where there is something to read first. */
    begin: string
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
    group: string
    near: string
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
    /** As `aria-invalid` has it. */
    invalid: 'true' | 'false'
    notes: readonly string[]
    /** Newsgroup that the form begins with. */
    within: string
    /** The form by fields is shown at once. */
    open: boolean
    found: readonly FoundLine[]
    nothing: string
    pager: readonly Link[]
  }
  trouble: { frame: Frame; heading: string; text: string; find: boolean; links: readonly Link[] }
  stats: {
    frame: Frame
    summary: string
    /** Newsgroups that this visitor may not read are counted, too. */
    others: boolean
    late: string
    figures: readonly FigureShown[]
    /** Address of the picture; empty where there is none. */
    flow: string
    hops: readonly HopLine[]
  }
  chart: Picture
  office: Framed<OfficeShown & Forms>
  moderate: {
    frame: Frame
    alert: string
    summary: string
    token: string
    held: readonly HeldLine[]
    pager: readonly Link[]
  }
}

export type ViewName = keyof Views

/** Views read the texts of the interface as `@words`. */
export type Render = <View extends ViewName>(view: View, context: Views[View], words: Words) => Rendered
