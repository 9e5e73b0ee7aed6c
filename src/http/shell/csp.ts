/**
 * Content security policies. Caddy serves the application with `applicationHeaders`; the API sends `apiCsp` with
 * every response.
 */

/** Nothing from other hosts, no framing. Inline styles are allowed because Mantine sets its variables with them. */
export const applicationCsp = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  // 'self' covers the browser phone's WebSocket on the same host and scheme.
  "connect-src 'self'",
  // The player's audio and the ringing tone.
  "media-src 'self' blob: data:",
  "worker-src 'self' blob:",
  "manifest-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

export const applicationHeaders: Readonly<Record<string, string>> = {
  'Content-Security-Policy': applicationCsp,
  'Permissions-Policy': 'microphone=(self), camera=(), geolocation=(), payment=(), usb=()',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
}

/** A response of the API is never a page. */
export const apiCsp = { 'default-src': ["'none'"], 'frame-ancestors': ["'none'"] }

/** The documentation page: all its files come from this server, and it loads only the API's document. */
export const docsCsp =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
