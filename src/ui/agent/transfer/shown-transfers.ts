import type { TransferView } from '../../../http/transfer/wire.ts'

/** How long a transfer is still shown once nothing more becomes of it. */
const settledForMs = 20_000
const settled: readonly TransferView['state'][] = ['taken', 'over', 'left']

interface Reader {
  readonly me: string
  /** The call on the desk, without one in wrap-up. */
  readonly onDesk: string | null
}

/**
 * The transfers that are under way, and those that have just come to something, the latest first; without a call that
 * is back on the desk, or was back with the reader: its card says so.
 */
export function shownTransfers(
  transfers: ReadonlyMap<string, TransferView>,
  { me, onDesk }: Reader,
  now: number,
): readonly TransferView[] {
  return [...transfers.values()]
    .filter(({ callId, agent }) => callId !== onDesk && agent?.id !== me)
    .filter(({ state, since }) => !settled.includes(state) || now - Date.parse(since) < settledForMs)
    .sort((a, b) => Date.parse(b.since) - Date.parse(a.since))
}
