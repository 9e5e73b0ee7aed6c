/**
 * Over HTTPS the names of the cookies begin with `__Host-`. Browsers accept such a cookie only with Secure, for the whole
 * site and without a Domain: neither another site below the city's domain nor plain HTTP can plant one. On this machine's
 * plain HTTP they would refuse it, and the plain names stay.
 */
import type { App } from '../app.ts'
import { isSecure } from '../shell/origin.ts'

export const cookieNames = { session: 'linia', browser: 'linia-browser', flow: 'linia-flow' } as const

const prefix = '__Host-'
const own = new Set<string>(Object.values(cookieNames))

/** Shows the session plugin the plain names. Install it before the plugin. */
export function readPrefixedCookies(app: App, webOrigin: string): void {
  app.addHook('onRequest', async (request) => {
    const { headers } = request.raw
    if (headers.cookie !== undefined) headers.cookie = plain(headers.cookie, isSecure(request, webOrigin))
  })
}

/** Gives the plugin's cookies their names. Install it after the plugin. */
export function writePrefixedCookies(app: App, webOrigin: string): void {
  app.addHook('onSend', async (request, reply, payload) => {
    const set = reply.getHeader('set-cookie')
    if (set === undefined || !isSecure(request, webOrigin)) return payload
    reply.removeHeader('set-cookie')
    reply.header(
      'set-cookie',
      [set].flat().map((one) => prefixed(String(one))),
    )
    return payload
  })
}

/**
 * Leaves out plain cookies of our names that anybody may have planted: over HTTPS all of them. The gate of the phones'
 * WebSockets passes a browser's cookies on over plain HTTP, so a prefixed cookie is read there as well.
 */
function plain(cookies: string, secure: boolean): string {
  const all = cookies.split(';').map((one) => one.trim())
  const onlyPrefixed = secure || all.some(isPrefixed)
  return all
    .filter((one) => !(onlyPrefixed && own.has(nameIn(one))))
    .map((one) => (isPrefixed(one) ? one.slice(prefix.length) : one))
    .join('; ')
}

/** The plugin leaves Secure out where a proxy before the front speaks HTTPS. */
const prefixed = (set: string): string => {
  if (!own.has(nameIn(set))) return set
  return prefix + set + (/;\s*secure(;|$)/i.test(set) ? '' : '; Secure')
}

const isPrefixed = (one: string): boolean =>
  one.startsWith(prefix) && own.has(nameIn(one).slice(prefix.length))

const nameIn = (cookie: string): string => cookie.split('=', 1)[0] ?? ''
