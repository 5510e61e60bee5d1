/** What the pages gain in a browser that runs scripts. Everything works without it but for what is live. */
import { beginWriting } from './begin.ts'
import { keepDrafts } from './drafts.ts'
import { filterLists } from './filter.ts'
import { foldQuotes } from './folding.ts'
import { listenToKeys } from './keys.ts'
import { followArrivals } from './live.ts'
import { quoteSelections } from './quoting.ts'
import { showInTree } from './tree.ts'

document.documentElement.dataset.scripted = ''
foldQuotes()
showInTree()
filterLists()
quoteSelections()
beginWriting()
keepDrafts()
followArrivals()
listenToKeys()
