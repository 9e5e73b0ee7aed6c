/** The calls that Asterisk's record tells of and that are not settled yet, in the order of their beginnings. */
import { CallId, type Millis } from '../../core/ids.ts'
import { celCallAfter, celCallBegun, celCallCut, type CelCall } from './cel-call.ts'
import type { CelPlace } from './files.ts'
import type { CelRow } from './rows.ts'

export type Over = CelCall & { readonly endedAt: Millis }

/** No call lasts so long: without an end by then, its end was never written. */
const lastsAtMostMs = 12 * 3_600_000

export class CelStory {
  readonly #calls = new Map<CallId, { call: CelCall; readonly from: CelPlace }>()
  #newest: Millis = 0
  #lastSerial = { second: 0, number: -1 }

  tell(row: CelRow, at: CelPlace): void {
    this.#newest = Math.max(this.#newest, row.at)
    this.#noticeRestart(row)
    const begun = celCallBegun(row)
    if (begun !== null) {
      this.#calls.set(begun.id, { call: begun, from: at })
      return
    }
    const told = this.#calls.get(CallId(row.call)) ?? this.#calls.get(CallId(row.channel))
    if (told !== undefined) told.call = celCallAfter(told.call, row)
  }

  /** Calls that ended before `before`. */
  over(before: Millis): Over[] {
    const over: Over[] = []
    for (const { call } of this.#calls.values()) {
      const seen =
        call.endedAt === null && this.#newest - call.lastAt > lastsAtMostMs ? celCallCut(call) : call
      if (seen.endedAt !== null && seen.endedAt <= before) over.push({ ...seen, endedAt: seen.endedAt })
    }
    return over
  }

  forget(ids: readonly CallId[]): void {
    for (const id of ids) this.#calls.delete(id)
  }

  firstUnsettled(): CelPlace | null {
    const [first] = this.#calls.values()
    return first?.from ?? null
  }

  /**
   * Asterisk counts its channels from 0 (`pbx1-<epoch>.<n>`): a smaller number in a later second means that
   * it was started anew, and that whatever stood then has fallen without a row. Within about a second rows
   * of several channels come in any order.
   */
  #noticeRestart(row: CelRow): void {
    const read = /(?:^|-)(?<second>\d+)\.(?<number>\d+)$/.exec(row.channel)?.groups
    if (row.event !== 'CHAN_START' || read === undefined) return
    const serial = { second: Number(read['second']), number: Number(read['number']) }
    const last = this.#lastSerial
    if (serial.number > last.number) this.#lastSerial = serial
    else if (serial.second > last.second + 1) {
      this.#lastSerial = serial
      for (const told of this.#calls.values()) {
        if (told.call.endedAt === null) told.call = celCallCut(told.call)
      }
    }
  }
}
