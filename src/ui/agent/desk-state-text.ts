import { useTranslation } from 'react-i18next'
import { usePauseName } from '../shared/pause-names.ts'
import { consultIn } from './desk-actions.ts'
import { isCalledBack, type DeskState } from './desk-state.ts'

/** The state as text, for the band and the screen reader. `muted`: the caller cannot hear the agent. */
export function useStateText(state: DeskState, muted = false): string {
  const { t } = useTranslation()
  const name = usePauseName()
  if (muted) return t('desk.state.muted')
  if (state.name === 'paused') return t('desk.state.paused', { reason: name(state.reason) })
  if (state.name === 'ringing' && state.picking) return t('desk.state.connectingCall')
  if (state.name === 'ringing' && isCalledBack(state.call)) return t('desk.state.callingBack')
  const consult = consultIn(state)
  if (consult?.seat === 'side') return t('desk.consult.state.side')
  if (consult?.seat === 'room' && state.name === 'talking') return t('desk.consult.state.room')
  return t(`desk.state.${state.name}`)
}
