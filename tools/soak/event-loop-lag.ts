/** Event loop lag of server nodes: the longest time during which the thread processed no event. */
import type { Stack } from '../../src/stack/stack.ts'

/** Longer than any expected lag: an aborted request would reset the counter and lose the value. */
const answerMs = 15_000
/** Node's sampling interval, which is part of the reported value. */
const sampledEveryMs = 10

/** The longest lag since the last call, by node; without nodes that do not answer. */
export async function eventLoopLags({ parts }: Stack): Promise<Readonly<Record<string, number>>> {
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
  const answer = await fetch(url, { signal: AbortSignal.timeout(answerMs) })
  // prom-client resets the value with each answer.
  const seconds = /^nodejs_eventloop_lag_max_seconds (\S+)$/m.exec(await answer.text())?.[1]
  return seconds === undefined ? null : Math.max(0, Math.round(Number(seconds) * 1_000) - sampledEveryMs)
}
