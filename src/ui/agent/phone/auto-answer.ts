/**
 * Whether an INVITE asks for automatic answering: the headers that desk phones and Asterisk dialplans use for
 * intercom (Call-Info and Alert-Info with `answer-after=0`), and our own.
 */
export function asksForAutoAnswer(header: (name: string) => string | undefined): boolean {
  const own = header('X-Linia-Auto-Answer')
  if (own !== undefined && /^(yes|true|1)$/i.test(own.trim())) return true
  const hints = [header('Call-Info'), header('Alert-Info')].filter((value) => value !== undefined)
  return hints.some((value) => /answer-after\s*=\s*0|auto[\s-]?answer/i.test(value))
}
