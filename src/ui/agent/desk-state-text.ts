import type { TFunction } from 'i18next'
import type { DeskState } from './desk-state.ts'

/** The state as text, for the band and the screen reader. */
export function stateText(state: DeskState, t: TFunction): string {
  if (state.name === 'paused') return t('desk.state.paused', { reason: t(`common.reason.${state.reason}`) })
  if (state.name === 'ringing' && state.picking) return t('desk.state.connectingCall')
  return t(`desk.state.${state.name}`)
}
