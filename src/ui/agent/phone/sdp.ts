/**
 * A page without a microphone may not know this computer's addresses: browsers put names that only
 * this network segment can resolve (`….local`) in their place. Asterisk does not resolve them, and a
 * list that it cannot read is no ICE at all: the sound would never start. An address in their place
 * lets ICE begin; the true one is learned from the browser's own first packet (RFC 8445 §7.3.1.3).
 */
export function withoutLocalNames(sdp: string): string {
  return sdp.replaceAll(
    /^(a=candidate:\S+ \d+ \S+ \d+ )\S+\.local( )/gm,
    (_, before: string, after: string) => `${before}127.0.0.1${after}`,
  )
}
