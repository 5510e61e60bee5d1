/** What is worked out from the configuration is worked out once for each snapshot of it, not for each question. */
import type { Config } from './config.ts'

export function oncePerConfig<T>(compile: (config: Config) => T): (config: Config) => T {
  let last: { readonly config: Config; readonly value: T } | undefined
  return config => {
    if (last?.config !== config) last = { config, value: compile(config) }
    return last.value
  }
}
