/** The benchmark's callers: arrival times and talk times. The number encodes the talk time (`scenarios/agent.xml`). */
import type { Address } from '../../demo/calls/exchange.ts'
import { freePort } from '../../../src/stack/services/ports.ts'
import { startSipp, type SippEvent, type SippRun } from './sipp.ts'

export interface Citizen {
  /** After the start of the run. */
  readonly callsAtMs: number
  readonly talkMs: number
}

const rtp = { from: 10_000, to: 12_999 }

/** `07`, the talk time in milliseconds (five digits), three digits that distinguish callers. */
export function numberOf(talkMs: number, index: number): string {
  return `07${String(Math.min(99_999, Math.round(talkMs))).padStart(5, '0')}${String(index % 1000).padStart(3, '0')}`
}

/** Seeded random numbers 0–1 (mulberry32), so that both systems get the same callers. */
export function chance(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

export const exponential = (draw: () => number, mean: number): number => -mean * Math.log(1 - draw())

export interface CallersOptions {
  readonly server: Address
  /** Source address of the calls: the provider's. */
  readonly host: string
  readonly number: string
  readonly onEvent: (event: SippEvent) => void
  readonly onComplaint?: (line: string) => void
}

/** Keeps `atOnce` callers in the system until `windDown`. Talk times vary by ±10 % around `talkMs`. */
export async function keepCallers(
  options: CallersOptions,
  atOnce: number,
  talkMs: number,
  perSecond = 100,
  calls?: number,
): Promise<SippRun> {
  const draw = chance(atOnce)
  // Equal talk times would keep agents that started together in step for the whole run.
  const rows = Array.from(
    { length: 1000 },
    (_, index) => `${numberOf(talkMs * (0.9 + 0.2 * draw()), index)};0;`,
  )
  const pace = { atOnce, perSecond, ...(calls === undefined ? {} : { calls }) }
  return start(options, rows, pace)
}

/** Each caller arrives at `callsAtMs`. */
export async function callersAt(options: CallersOptions, citizens: readonly Citizen[]): Promise<SippRun> {
  const rows = citizens.map(({ callsAtMs, talkMs }, index) => `${numberOf(talkMs, index)};${callsAtMs};`)
  return start(options, rows, { calls: citizens.length, atOnce: citizens.length, perSecond: 5_000 })
}

async function start(
  { server, host, number, onEvent, onComplaint }: CallersOptions,
  rows: readonly string[],
  pace: { calls?: number; atOnce: number; perSecond: number },
): Promise<SippRun> {
  const local = { host, port: await freePort(host) }
  return startSipp({
    scenario: 'caller',
    local,
    remote: server,
    service: number,
    rows,
    rtp,
    pace,
    onEvent,
    ...(onComplaint === undefined ? {} : { onComplaint }),
  })
}
