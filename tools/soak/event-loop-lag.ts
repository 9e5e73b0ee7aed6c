/** For how long the thread of a server node stood still: whatever it heard meanwhile, it heard so much later. */
import type { Stack } from '../../src/stack/stack.ts'

/** Longer than a standstill that would still be one: the answer takes what was counted so far with it. */
const askedMs = 15_000
/** Node looks this often, and counts it in. */
const lookedEveryMs = 10

/** The longest time since it was last asked, by node; without those that do not answer. */
export async function standstills({ parts }: Stack): Promise<Readonly<Record<string, number>>> {
  const found: Record<string, number> = {}
  for (const [name, { options, pid }] of parts) {
    const port = options.env?.['API_PORT']
    if (pid === null || port === undefined) continue
    const ms = await longestOf(`http://127.0.0.1:${port}/metrics`).catch(() => null)
    if (ms !== null) found[name] = ms
  }
  return found
}

async function longestOf(url: string): Promise<number | null> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(askedMs) })
  // prom-client begins anew with each answer.
  const seconds = /^nodejs_eventloop_lag_max_seconds (\S+)$/m.exec(await answer.text())?.[1]
  return seconds === undefined ? null : Math.max(0, Math.round(Number(seconds) * 1_000) - lookedEveryMs)
}
