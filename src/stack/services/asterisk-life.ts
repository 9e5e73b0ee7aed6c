/**
 * Whether an Asterisk lives. It may carry conversations that the server cannot reach: while its console, AMI or SIP
 * answers it is not dead, whatever ARI does. An ARI that stays away is mended from the console.
 */

export interface AsteriskSigns {
  /** Its HTTP server answers a request for ARI. */
  readonly ari: () => Promise<boolean>
  /** The other signs of life, any of which is enough; each is bounded to a few seconds. */
  readonly others: readonly (() => Promise<boolean>)[]
  readonly command: (command: string) => Promise<unknown>
  readonly tell: (line: string) => void
  /** Milliseconds. */
  readonly now?: () => number
}

/** A reload of Asterisk's HTTP server opens its listener again, and keeps every call. */
const reloadAfterMs = 5_000
/** Then Asterisk ends with its last call, and is started again. */
const drainAfterMs = 60_000

/** Asked again and again. */
export function asteriskLife({
  ari,
  others,
  command,
  tell,
  now = performance.now.bind(performance),
}: AsteriskSigns) {
  let awaySince: number | null = null
  let done: 'nothing' | 'reloaded' | 'draining' = 'nothing'
  let wasSilent = false
  return async (): Promise<boolean> => {
    // All at once when ARI was silent at the last look: who takes over must not wait for one after the other.
    const early = wasSilent ? anyOf(others) : null
    const answers = await ari()
    wasSilent = !answers
    if (answers) {
      if (done === 'draining') await command('core abort shutdown')
      if (done !== 'nothing') tell('answers over ARI again')
      awaySince = null
      done = 'nothing'
      return true
    }
    if (!(await (early ?? anyOf(others)))) return false
    awaySince ??= now()
    const awayMs = now() - awaySince
    if (done === 'nothing' && awayMs >= reloadAfterMs) {
      done = 'reloaded'
      tell('does not answer over ARI, but lives; reloading its HTTP server')
      await command('module reload http')
    } else if (done === 'reloaded' && awayMs >= drainAfterMs) {
      done = 'draining'
      tell('still does not answer over ARI; restarting it once it has no call')
      await command('core stop when convenient')
    }
    return true
  }
}

async function anyOf(signs: readonly (() => Promise<boolean>)[]): Promise<boolean> {
  const shown = signs.map(async (sign) => {
    if (!(await sign())) throw new Error('no sign')
  })
  return Promise.any(shown).then(
    () => true,
    () => false,
  )
}
