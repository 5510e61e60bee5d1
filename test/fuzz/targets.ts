/** Every reader of octets from outside. */

import type { Target } from './target.ts'
import { articleTargets } from './targets/article.ts'
import { fieldTargets } from './targets/fields.ts'
import { searchTargets } from './targets/search.ts'
import { streamTargets } from './targets/streams.ts'

export const targets: readonly Target[] = [
  ...streamTargets,
  ...articleTargets,
  ...fieldTargets,
  ...searchTargets,
]
