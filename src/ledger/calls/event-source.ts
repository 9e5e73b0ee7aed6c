/** What the ledger needs from the line. */
import type { AcdEvent, StreamPosition } from '../../core/acd-event.ts'

export interface AcdEventSource {
  /**
   * Batches of events, oldest first, until the signal aborts: at least once, so an event comes again
   * until its position was acknowledged. An empty batch says that nothing is new. May throw while Redis is
   * away; call again.
   */
  read(
    afterAcknowledged: true,
    signal: AbortSignal,
  ): AsyncIterable<readonly { readonly position: StreamPosition; readonly event: AcdEvent }[]>
  /** These are in the database for good. */
  acknowledge(positions: readonly StreamPosition[]): Promise<void>
}
