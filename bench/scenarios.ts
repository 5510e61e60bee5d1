/** Every path that is measured, in the order of the table. */
import type { Scenario } from './scenario.ts'
import { articleById, articleByNumber } from './scenarios/article.ts'
import { attacks } from './scenarios/attacks.ts'
import { backup } from './scenarios/backup.ts'
import { chain } from './scenarios/chain.ts'
import { connects, idle, idleSecured } from './scenarios/connects.ts'
import { outgoing, outgoingToMany } from './scenarios/feed.ts'
import { listActive, start } from './scenarios/groups.ts'
import { importing } from './scenarios/import.ts'
import { check, ingest } from './scenarios/ingest.ts'
import { latency, latencyBusy } from './scenarios/latency.ts'
import { over, overByMany } from './scenarios/over.ts'
import { search } from './scenarios/search.ts'
import { web } from './scenarios/web.ts'
import { webGroups } from './scenarios/web-groups.ts'

export const scenarios: readonly Scenario[] = [
  importing,
  ingest,
  check,
  outgoing,
  outgoingToMany,
  chain,
  over,
  overByMany,
  articleByNumber,
  articleById,
  search,
  web,
  latency,
  latencyBusy,
  connects,
  idle,
  idleSecured,
  listActive,
  start,
  webGroups,
  backup,
  ...attacks,
]
