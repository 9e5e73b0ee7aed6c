import type { TFunction } from 'i18next'
import { consultIn } from './desk-actions.ts'
import { isCalledBack, type DeskState } from './desk-state.ts'

/** The state as text, for the band and the screen reader. `muted`: the caller cannot hear the agent. */
export function stateText(state: DeskState, t: TFunction, muted = false): string {
  if (muted) return t('desk.state.muted')
  if (state.name === 'paused') return t('desk.state.paused', { reason: t(`common.reason.${state.reason}`) })
  if (state.name === 'ringing' && state.picking) return t('desk.state.connectingCall')
  if (state.name === 'ringing' && isCalledBack(state.call)) return t('desk.state.callingBack')
  const consult = consultIn(state)
  if (consult?.seat === 'side') return t('desk.consult.state.side')
  if (consult?.seat === 'room' && state.name === 'talking') return t('desk.consult.state.room')
  return t(`desk.state.${state.name}`)
}
