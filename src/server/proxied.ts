/** Connections that come through a TCP proxy: who is behind it, before anything else is said. PROXY protocol 2 */
import type { Socket } from 'node:net'
import { isLoopback, plainAddress } from '../address.ts'
import { Networks } from '../address-blocks.ts'
import type { Clock } from '../clock.ts'
import type { Config } from '../config/config.ts'
import { oncePerConfig } from '../config/snapshot.ts'
import type { Log } from '../log.ts'
import { parseProxyHeader } from './proxy-header.ts'

export interface ProxiedOptions {
  readonly config: () => Config
  readonly clock: Clock
  readonly log: Log
}

const headerSeconds = 5
/** Of nobody: no rule names it but those that hold for everybody. RFC 1122 3.2.1.3 */
const unspecified = '0.0.0.0'

export class Proxied {
  readonly #options: ProxiedOptions
  readonly #trusted = oncePerConfig(({ listen }: Config) => new Networks(listen.trusted_proxies))

  constructor(options: ProxiedOptions) {
    this.#options = options
  }

  /**
   * The address of the client; undefined where that cannot be had, and then the connection is closed. What the client
   * sent is left to be read.
   */
  async clientOf(socket: Socket): Promise<string | undefined> {
    const { config, log } = this.#options
    const proxy = plainAddress(socket.remoteAddress ?? '')
    try {
      if (!this.#trusted(config()).contain(proxy)) throw new Error('no proxy of listen.trusted_proxies')
      return clientAddress(proxy, await this.#header(socket))
    } catch (error) {
      log.info({ address: proxy, why: error instanceof Error ? error.message : String(error) }, 'not proxied')
      socket.destroy()
      return undefined
    }
  }

  /** Rejects with what is wrong. */
  #header(socket: Socket): Promise<string | undefined> {
    return new Promise((resolve, reject) => {
      let head = Buffer.alloc(0)
      const settle = (how: () => void) => {
        timer.cancel()
        socket.off('data', received).off('end', gone).off('close', gone)
        socket.pause()
        how()
      }
      const gone = () => settle(() => reject(new Error('closed before the PROXY header')))
      const received = (octets: Buffer) => {
        head = Buffer.concat([head, octets])
        const header = parseProxyHeader(head)
        if (header.kind === 'incomplete') return
        if (header.kind === 'malformed') return settle(() => reject(new Error(header.why)))
        const rest = head.subarray(header.length)
        settle(() => resolve(header.address))
        if (rest.length > 0) socket.unshift(rest)
      }
      const timer = this.#options.clock.timer(headerSeconds * 1000, () =>
        settle(() => reject(new Error('no PROXY header in time'))),
      )
      socket.on('error', () => socket.destroy())
      socket.on('data', received).once('end', gone).once('close', gone)
    })
  }
}

/** Neither a proxy on this machine nor the loopback of another one has the rights of ours. */
function clientAddress(proxy: string, told: string | undefined): string {
  const address = plainAddress(told ?? proxy)
  return isLoopback(address) ? unspecified : address
}
