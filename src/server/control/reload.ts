/** What a reload changes: which keys differ, and which of them only a restart can bring. */
import type { Config } from '../../config/config.ts'

const restartSections = ['node', 'listen', 'mail', 'log.file', 'audit.file']

/** Keys (`limits.connections`) or whole tables (`peer`) whose values differ, in the order of the file. */
export function changedKeys(old: Config, next: Config): string[] {
  return Object.entries(next).flatMap(([section, value]) => {
    const before = old[section as keyof Config]
    if (same(before, value)) return []
    if (Array.isArray(value) || typeof value !== 'object') return [section]
    const pairs = Object.entries(value as Record<string, unknown>)
    const known = before as Record<string, unknown>
    return pairs.filter(([key, it]) => !same(known[key], it)).map(([key]) => `${section}.${key}`)
  })
}

export const needsRestart = (key: string): boolean =>
  restartSections.some(section => key === section || key.startsWith(`${section}.`))

/** The new configuration without what only a restart can bring: that stays as it is running. */
export const untilRestart = ({ node, listen, mail, log, audit }: Config, next: Config): Config => ({
  ...next,
  node,
  listen,
  mail,
  log: { ...next.log, file: log.file },
  audit: { ...next.audit, file: audit.file },
})

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other)
