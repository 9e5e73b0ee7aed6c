/** The time of the small Asterisk in memory, and the way to it. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Millis } from '../../../src/core/ids.ts'
import { PbxUnavailable, type PbxEvent } from '../../../src/acd/ports.ts'
import type { FakeAsterisk, FakePbx } from './fake-pbx.ts'

/** The machine's time, or a simulator's. */
export interface WorldTime {
  now(): Millis
  /** Milliseconds by a clock that nobody sets. */
  readonly elapsed: number
  after(waitMs: number, act: () => unknown): () => void
}
export const realTime: WorldTime = {
  now: () => Date.now(),
  get elapsed() {
    return performance.now()
  },
  after(waitMs, act) {
    // No test waits for a phone that nobody answers.
    const timer = setTimeout(act, waitMs).unref()
    return () => clearTimeout(timer)
  },
}

/** The way between an adapter and its Asterisk. */
export interface Wire {
  /** Resolves when the adapter is connected for the first time. */
  connect(mayAct: () => boolean): Promise<void>
  /** Whether Asterisk has just shown that the application is the adapter's. */
  isOurs(): boolean
  /** Takes an event to the adapter; never within the call that causes it. */
  carry(event: PbxEvent, hear: () => void): void
  /** Takes a request there and its answer back; `PbxUnavailable` when one of the two is lost. `what` names its kind. */
  ask<Answer>(what: string, execute: () => Answer): Promise<Answer>
  /** The adapter is done. */
  stop(): void
}

/** Without loss, in order, one turn of the event loop long. */
export function directWire(world: FakeAsterisk, adapter: FakePbx): Wire {
  const assertConnected = () => {
    if (!world.isConnected(adapter)) throw new PbxUnavailable('not connected')
  }
  return {
    async connect() {
      world.reconnect(adapter)
      await nextTurn()
    },
    isOurs: () => world.isConnected(adapter),
    carry: (_event, hear) => void setImmediate(hear),
    async ask(_what, execute) {
      assertConnected()
      await nextTurn()
      assertConnected()
      return execute()
    },
    stop: () => {
      if (world.isConnected(adapter)) world.disconnect()
    },
  }
}
