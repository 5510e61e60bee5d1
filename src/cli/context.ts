/** What every command shares: configuration, connection to the node, and printing. */

import { once } from 'node:events'
import { existsSync } from 'node:fs'
import pc from 'picocolors'
import type { ZodType } from 'zod'
import { type LoadedConfig, loadConfig } from '../config/file.ts'
import { printableLines } from '../printable.ts'
import { ControlFault } from '../server/control/node-control.ts'
import { type ControlClient, connectControl } from './control-client.ts'
import type { Surroundings } from './surroundings.ts'

const usualFiles = ['conf/tidings.toml', '/etc/tidings/tidings.toml'] as const

/** Errors of the configuration, a line each. */
export class ConfigFault extends ControlFault {
  constructor(errors: readonly string[]) {
    super('config', errors.join('\n'))
  }
}

export class CliContext {
  readonly around: Surroundings
  readonly colors: ReturnType<typeof pc.createColors>
  /** Set by `--config`. */
  configFile: string | undefined
  /** What the program will end with. */
  exitCode = 0
  readonly #leave: (() => void)[] = []

  constructor(around: Surroundings) {
    this.around = around
    const { NO_COLOR = '', TERM } = around.env
    this.colors = pc.createColors(around.stdout.isTTY === true && NO_COLOR === '' && TERM !== 'dumb')
  }

  /** As it is called here: a clone that npm or npx runs has no "tidings" on the search path. */
  get program(): string {
    return /^(start|npx)$/.test(this.around.env.npm_lifecycle_event ?? '') ? 'npx tidings' : 'tidings'
  }

  /** The file of --config, $TIDINGS_CONFIG or the first usual place. Throws where there is none. */
  findConfig(): string {
    const named = this.configFile ?? this.around.env.TIDINGS_CONFIG
    if (named !== undefined && named !== '') return named
    const found = usualFiles.find(file => existsSync(file))
    if (found !== undefined) return found
    throw new ConfigFault([
      `no configuration: neither ${usualFiles.join(' nor ')} exists; name one with --config FILE or TIDINGS_CONFIG`,
    ])
  }

  /** Throws a `ConfigFault` with every error. */
  loadConfig(): LoadedConfig {
    const loaded = loadConfig(this.findConfig(), this.around.env)
    if (!loaded.ok) throw new ConfigFault(loaded.errors)
    return loaded
  }

  /** The running node; one connection a command. */
  connect(): Promise<ControlClient> {
    return connectControl(this.loadConfig().config.listen.control, this.around.clock)
  }

  /** One request on a connection of its own, its result checked. */
  async ask<T>(
    cmd: string,
    args: unknown,
    as: { readonly result: ZodType<T>; readonly blob?: Buffer },
  ): Promise<T> {
    await using node = await this.connect()
    return as.result.parse(await node.call(cmd, args, as.blob))
  }

  /** Aborts on Ctrl-C and on SIGTERM; a second one ends the process. */
  interruption(): AbortSignal {
    const abort = new AbortController()
    const stop = () => {
      if (abort.signal.aborted) this.around.exit(130)
      abort.abort()
    }
    this.#leave.push(this.around.onSignal('SIGINT', stop), this.around.onSignal('SIGTERM', stop))
    return abort.signal
  }

  /** Waits while the output has no room. */
  async print(text: string | Buffer): Promise<void> {
    if (!this.around.stdout.write(text)) await once(this.around.stdout, 'drain')
  }

  /** As they are; on a terminal with control characters made visible. */
  printOctets(octets: Buffer): Promise<void> {
    return this.print(this.around.stdout.isTTY === true ? printableLines(octets.toString()) : octets)
  }

  printJson(value: unknown): Promise<void> {
    return this.print(`${JSON.stringify(value)}\n`)
  }

  complain(text: string): void {
    this.around.stderr.write(`${text}\n`)
  }

  close(): void {
    for (const leave of this.#leave.splice(0)) leave()
  }
}
