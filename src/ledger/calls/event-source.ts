/** The port through which the ledger reads the ACD's events. */
import type { AcdEvent, StreamPosition } from '../../core/acd-event.ts'

export interface AcdEventSource {
  /**
   * Batches of events, oldest first, until the signal aborts. Delivery is at least once: an event comes again until its
   * position is acknowledged. An empty batch means that there is nothing new. Throws while Redis is away; call again.
   */
  read(
    afterAcknowledged: true,
    signal: AbortSignal,
  ): AsyncIterable<readonly { readonly position: StreamPosition; readonly event: AcdEvent }[]>
  /** Call after the commit that stored the events. */
  acknowledge(positions: readonly StreamPosition[]): Promise<void>
}
