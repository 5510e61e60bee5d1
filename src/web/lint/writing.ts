/** What is looked at before it is posted: the text of a form beside the article it answers. */

export interface Writing {
  readonly subject: string
  readonly groups: readonly string[]
  readonly followupTo: readonly string[]
  /** Lines end in LF. */
  readonly body: string
  /** Seconds since 1970. */
  readonly now: number
  /** The article it answers, where it answers one and that is here. */
  readonly parent?: Parent
}

export interface Parent {
  readonly subject: string
  /** Lines end in LF. */
  readonly text: string
  /** Seconds since 1970; absent where its Date cannot be read. */
  readonly date?: number
  /** Its author asks for replies by mail. RFC 5536 3.2.6 */
  readonly wantsMail: boolean
}

/** One thing that good manners or old readers speak against. Pure, and linear in the text. */
export interface Rule {
  /** What was found: a word or line of it, empty where that says nothing; undefined where all is well. */
  readonly finds: (writing: Writing) => string | undefined
  /** The same text without it. */
  readonly mends?: (writing: Writing) => Partial<Pick<Writing, 'subject' | 'followupTo' | 'body'>>
}
