import type { DeskState } from './desk-state.ts'
import { usePhone } from './phone/use-phone.ts'

/** By this page's own track or by the exchange: either way nobody hears the agent. */
export function useMuted(state: DeskState): boolean {
  const trackMuted = usePhone((phone) => phone.muted)
  return state.name === 'talking' && (trackMuted || state.call?.muted === true)
}
