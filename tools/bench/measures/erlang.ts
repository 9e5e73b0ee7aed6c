/** Theoretical waiting times for the same callers and agents (`docs/rules/figures.md`). */
import type { Citizen } from '../load-generator/callers.ts'

/** Mean wait in M/M/n, in the unit of the mean handling time; `load` is arrivals × handling time ÷ agents. */
export function erlangCWait(agents: number, load: number, handlingMs: number): number {
  const offered = load * agents
  let blocked = 1
  for (let k = 1; k <= agents; k++) blocked = (offered * blocked) / (k + offered * blocked)
  const delayed = (agents * blocked) / (agents - offered * (1 - blocked))
  return (delayed * handlingMs) / (agents - offered)
}

/** Mean wait of exactly these callers if every hand-over took no time. */
export function idealWait(citizens: readonly Citizen[], agents: number): number {
  const freeAt = Array.from({ length: agents }, () => 0)
  let waited = 0
  for (const { callsAtMs, talkMs } of citizens.toSorted((a, b) => a.callsAtMs - b.callsAtMs)) {
    const first = freeAt.indexOf(Math.min(...freeAt))
    const startsAt = Math.max(callsAtMs, freeAt[first] ?? 0)
    waited += startsAt - callsAtMs
    freeAt[first] = startsAt + talkMs
  }
  return waited / citizens.length
}
