/** The newsgroups of the configuration: created where they are absent, never changed or removed. */
import type { Clock } from '../clock.ts'
import type { Config } from '../config/config.ts'
import type { Log } from '../log.ts'
import { parseNewsgroup } from '../newsgroup.ts'
import type { Storage } from '../storage/storage.ts'

export interface ConfiguredGroupsParts {
  readonly config: () => Config
  readonly clock: Clock
  readonly log: Log
}

/** A `[[group]]` that was removed stays so until the next start or reload: the file is what is wanted. */
export async function createConfiguredGroups(
  storage: Storage,
  { config, clock, log }: ConfiguredGroupsParts,
): Promise<void> {
  for (const { name, status, description } of config().group) {
    const newsgroup = parseNewsgroup(name)
    if (newsgroup === undefined || storage.active.named(newsgroup)) continue
    const time = Math.floor(clock.now() / 1000)
    const outcome = await storage.submit({
      kind: 'group',
      action: 'add',
      name: newsgroup,
      status,
      description,
      time,
      source: 'config',
      creator: 'config',
    })
    if (outcome.kind === 'deferred')
      log.warn({ group: name, reason: outcome.reason.text }, 'group not created: reload when there is room')
  }
}
