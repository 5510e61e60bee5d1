/**
 * Which requests are answered at all: the Host must be ours (DNS rebinding), and a POST must come from our own pages.
 * RFC 9110 7.4 (421), RFC 6454, Fetch Metadata.
 */

export interface HostRule {
  /** `[web] base_url`; empty where not set. */
  readonly baseUrl: string
  /** Hosts of the addresses in `listen.web` and `webs`, without ports. */
  readonly listening: readonly string[]
}

/** Lower case, without port and brackets; undefined where it is no host. */
function hostName(host: string): string | undefined {
  const match = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::\d{1,5})?$/i.exec(host)
  return (match?.[1] ?? match?.[2])?.toLowerCase()
}

function baseOf(rule: HostRule): URL | undefined {
  return URL.canParse(rule.baseUrl) ? new URL(rule.baseUrl) : undefined
}

/**
 * Whether a Host field names this server. `local` is our end of the connection: a page on a foreign name cannot
 * rebind an address written in digits.
 */
export function hostAllowed(host: string, local: string, rule: HostRule): boolean {
  const name = hostName(host)
  if (name === undefined) return false
  if (name === 'localhost' || name.endsWith('.localhost') || name === '::1') return true
  if (/^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(name)) return true
  if (name === local.replace(/^::ffff:/, '').toLowerCase()) return true
  if (namesBase(host, rule.baseUrl)) return true
  // 0.0.0.0 and :: say where we listen, they name nobody.
  return rule.listening.some(address => name === hostName(address) && !/^[0:.]+$/.test(name))
}

/** Whether a Host field is that of `[web] base_url`; ports do not count. */
export function namesBase(host: string, baseUrl: string): boolean {
  const name = hostName(host)
  return name !== undefined && URL.canParse(baseUrl) && name === hostName(new URL(baseUrl).host)
}

export interface PostHeaders {
  readonly host: string
  readonly origin: string | undefined
  readonly fetchSite: string | undefined
  /** Whether the request came under TLS. */
  readonly secure: boolean
}

/** Whether a POST may come from a page of ours. Programs send neither field; for them the token alone must do. */
export function originAllowed(headers: PostHeaders, rule: HostRule): boolean {
  if (headers.fetchSite !== undefined && headers.fetchSite !== 'same-origin') return false
  if (headers.origin === undefined) return true
  const base = baseOf(rule)
  if (headers.origin === base?.origin) return true
  const host = headers.host.toLowerCase()
  // On the configured name the configured scheme counts: http may be anyone between the browser and us.
  if (base !== undefined && hostName(base.host) === hostName(host)) return false
  if (headers.secure) return headers.origin === `https://${host.replace(/:443$/, '')}`
  return headers.origin === `http://${host.replace(/:80$/, '')}`
}

/**
 * Whether somebody opened a page in a window, coming from a page of ours or typing its address: then what is on it
 * counts as read. It is a GET, and so must not do what another site could want done: pages elsewhere that link here or
 * embed us, prefetching browsers and programs mark nothing. Script is not needed for it. Fetch Metadata 2.1-2.4
 */
export function openedByPerson(field: (name: string) => string | undefined, host: string): boolean {
  if (field('Sec-Purpose') !== undefined || field('Purpose') !== undefined) return false
  const site = field('Sec-Fetch-Site')
  if (site !== undefined)
    return (site === 'same-origin' || site === 'none') && field('Sec-Fetch-Mode') === 'navigate'
  // Browsers do not send it to plain HTTP on another machine; our Referrer-Policy makes them say that they come from us.
  return ownReferrer(field, host) !== ''
}

/** The page of this host that led here; empty where there was none or it is not told. */
export function ownReferrer(field: (name: string) => string | undefined, host: string): string {
  const referrer = field('Referer') ?? ''
  return URL.canParse(referrer) && new URL(referrer).host === host.toLowerCase() ? referrer : ''
}
