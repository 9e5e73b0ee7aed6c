import type { TransferView } from '../../../http/transfer/wire.ts'

/** How long a transfer is still shown once nothing more becomes of it. */
const settledForMs = 20_000
const settled: readonly TransferView['state'][] = ['taken', 'over', 'left']

/**
 * The transfers that are under way, and those that have just come to something, the latest first; without the call that
 * is back on the desk, whose card says so.
 */
export function shownTransfers(
  transfers: ReadonlyMap<string, TransferView>,
  onDesk: string | null,
  now: number,
): readonly TransferView[] {
  return [...transfers.values()]
    .filter(({ callId }) => callId !== onDesk)
    .filter(({ state, since }) => !settled.includes(state) || now - Date.parse(since) < settledForMs)
    .sort((a, b) => Date.parse(b.since) - Date.parse(a.since))
}
