/**
 * Without microphone permission browsers replace local addresses by mDNS names (`….local`), which only this
 * network segment can resolve. Asterisk does not resolve them, and a candidate list that it cannot parse means
 * no ICE: the sound would never start. A placeholder address lets ICE begin; Asterisk learns the real one from
 * the browser's first packet (RFC 8445 §7.3.1.3).
 */
export function withoutLocalNames(sdp: string): string {
  return sdp.replaceAll(
    /^(a=candidate:\S+ \d+ \S+ \d+ )\S+\.local( )/gm,
    (_, before: string, after: string) => `${before}127.0.0.1${after}`,
  )
}
