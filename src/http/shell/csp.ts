/**
 * What browsers may do with our pages. Caddy serves the application and sends `applicationHeaders` with
 * it; the API sends `apiCsp` with everything it answers.
 */

/** Nothing from another host, no framing. Mantine writes its variables and sizes as inline styles. */
export const applicationCsp = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  // 'self' covers the browser phone's WebSocket on the same host and scheme.
  "connect-src 'self'",
  // The player and the ringing sound.
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

/** An answer of the API is never a page. */
export const apiCsp = { 'default-src': ["'none'"], 'frame-ancestors': ["'none'"] }

/** The documentation page: its files come from us, it shows the API's document and nothing else. */
export const docsCsp =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
