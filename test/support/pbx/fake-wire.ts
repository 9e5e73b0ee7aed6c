/** Time of the in-memory Asterisk, and the connection between it and an adapter. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Millis } from '../../../src/core/ids.ts'
import { PbxUnavailable, type PbxEvent } from '../../../src/acd/ports.ts'
import type { FakeAsterisk, FakePbx } from './fake-pbx.ts'

/** The machine's time, or a simulator's. */
export interface WorldTime {
  now(): Millis
  /** Milliseconds of a monotonic clock. */
  readonly elapsed: number
  after(waitMs: number, act: () => unknown): () => void
}
export const realTime: WorldTime = {
  now: () => Date.now(),
  get elapsed() {
    return performance.now()
  },
  after(waitMs, act) {
    // Unreferenced, so that a test does not wait for a ring timer.
    const timer = setTimeout(act, waitMs).unref()
    return () => clearTimeout(timer)
  },
}

/** The connection between an adapter and its Asterisk. */
export interface Wire {
  /** Resolves when the adapter is connected for the first time. */
  connect(mayAct: () => boolean): Promise<void>
  /** Whether Asterisk has just confirmed that its application is this adapter's. */
  isOurs(): boolean
  /** Delivers an event to the adapter, always after the call that causes it has returned. */
  carry(event: PbxEvent, receive: () => void): void
  /**
   * Sends a request and returns its answer. `what`: the kind of request.
   * @throws {PbxUnavailable} when the request or the answer is lost.
   */
  ask<Answer>(what: string, execute: () => Answer): Promise<Answer>
  /** Ends the adapter's connection. */
  stop(): void
}

/** A connection without loss, in order, with a delay of one turn of the event loop. */
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
    carry: (_event, receive) => void setImmediate(receive),
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
