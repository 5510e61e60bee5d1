/** What the views of lists and of reading at length show; see `render.ts`. */
import type { Link, When } from './link.ts'

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

/** See `catch-up.ts`. */
export interface CatchUpForm {
  readonly token: string
  readonly group: string
  readonly upTo: string
  readonly back: string
}

export interface ReadingBar {
  readonly token: string
  /** Address of the page. */
  readonly back: string
  /** `12 new`; empty where nothing is. */
  readonly unread: string
  readonly unreadTo: string
  readonly next: string
  readonly switch: Switch | undefined
  readonly catchUp: CatchUpForm | undefined
  readonly undo: UndoForm | undefined
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
  /** Why it is hidden or put forward; empty where no rule fits. */
  readonly why: string
}

export interface ToolButton {
  readonly name: string
  readonly value: string
  readonly text: string
  /** The key that presses it; empty for none. */
  readonly key: string
}

/** A form of buttons for one purpose; `id` names the article, or is empty. */
export interface ToolForm {
  readonly action: string
  readonly token: string
  readonly back: string
  readonly id: string
  readonly buttons: readonly ToolButton[]
}

export interface GroupsShown {
  readonly trail: readonly Link[]
  readonly heading: string
  /** Address of the page without its query. */
  readonly here: string
  readonly token: string
  readonly filter: string
  readonly summary: string
  readonly sections: readonly Section[]
  /** Why there is nothing to see; empty where there is. */
  readonly empty: string
  readonly pager: readonly Link[]
  /** Whether there is a next unread article to go to, perhaps. */
  readonly offersNext: boolean
}

export interface UnreadShown {
  readonly trail: readonly Link[]
  readonly heading: string
  readonly summary: string
  /** How many are hidden by rules; empty where none is. */
  readonly hidden: string
  readonly showHidden: string
  readonly articles: readonly ArticleLine[]
  readonly catchUp: CatchUpForm
  readonly undo: UndoForm | undefined
  readonly pager: readonly Link[]
}

export interface SubscriptionsShown {
  readonly heading: string
  readonly summary: string
  readonly notes: readonly string[]
  readonly here: string
  readonly token: string
  readonly groups: readonly GroupLine[]
  readonly undo: UndoForm | undefined
  readonly links: readonly Link[]
  readonly pager: readonly Link[]
}

export interface SavedShown {
  readonly heading: string
  readonly token: string
  readonly back: string
  readonly articles: readonly (ArticleLine & { readonly id: string; readonly about: string })[]
}

export interface ScoresShown {
  readonly heading: string
  readonly action: string
  readonly token: string
  readonly rules: readonly {
    readonly text: string
    readonly score: string
    readonly until: string
    readonly id: string
    readonly about: string
  }[]
}
