/**
 * How many connections one address, and one network, may have to the web reader at once. A proxy of ours has as many as
 * it likes: for its visitors their requests under way count instead. RFC 6585 4
 */
import { isLoopback, networkOf, placeOf, plainAddress } from '../../address.ts'
import type { Networks } from '../../address-blocks.ts'
import { type Audit, noAudit } from '../../audit/audit-log.ts'
import type { Config } from '../../config/config.ts'
import type { Log } from '../../log.ts'
import { Occupancy } from '../../occupancy.ts'
import type { Asker } from './forwarded.ts'

export interface CrowdOptions {
  readonly config: () => Config
  /** The proxies of ours. */
  readonly proxies: () => Networks
  readonly log: Log
  readonly audit?: Audit
}

/** Ends what was counted; once. */
export type Leave = () => void

/** Nothing was counted. */
export const uncounted: Leave = () => {}

export class Crowd {
  readonly #options: CrowdOptions
  /** By address and by network, whose names differ. */
  readonly #counts = new Occupancy()

  constructor(options: CrowdOptions) {
    this.#options = options
  }

  /** For a connection from this address; undefined where it would be one too many. */
  connect(remote: string): Leave | undefined {
    const address = plainAddress(remote)
    return this.#options.proxies().contain(address) ? uncounted : this.#enter(address)
  }

  /** For a request on a connection from this address; undefined where it would be one too many. */
  request(remote: string, asker: Asker): Leave | undefined {
    const proxied = this.#options.proxies().contain(plainAddress(remote))
    return proxied && 'client' in asker ? this.#enter(asker.client.address) : uncounted
  }

  #enter(address: string): Leave | undefined {
    if (isLoopback(address)) return uncounted
    const { config, log, audit = noAudit } = this.#options
    const { web_connections_per_address, connections_per_network } = config().limits
    const [place, network] = [placeOf(address), networkOf(address)]
    // A network has room for what one address of it may have.
    const most = Math.max(connections_per_network, web_connections_per_address)
    if (this.#counts.of(place) >= web_connections_per_address || this.#counts.of(network) >= most) {
      log.info({ address }, 'too many connections to the web reader')
      audit.limit('web_connections', address)
      return undefined
    }
    const counted = new Set([place, network])
    for (const key of counted) this.#counts.add(key)
    return () => {
      for (const key of counted) this.#counts.add(key, -1)
      counted.clear()
    }
  }
}
