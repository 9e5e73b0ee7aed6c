import { useTranslation } from 'react-i18next'
import { unreachedOutcomes } from '../../../core/call.ts'
import { useLive } from '../../live/use-live.ts'
import { spokenNumber } from '../../shared/phone-number.ts'
import { inCall } from '../desk-actions.ts'
import type { DeskState } from '../desk-state.ts'
import { CallBack } from './call-back.tsx'
import styles from '../call/call-zone.module.css'

const told = [...unreachedOutcomes, 'failed'] as const

/** Why the citizen whom the agent has just called was not reached; none where the agent gave up. */
export function Unreached({ state }: { readonly state: DeskState }) {
  const { t } = useTranslation()
  const ended = useLive((live) => live.ended)
  const outcome = told.find((one) => one === ended?.outcome)
  if (ended?.call.direction !== 'outbound' || inCall(state)) return null
  if (outcome === undefined || outcome === 'cancelled') return null
  const number = spokenNumber(ended.call.caller ?? '')
  return (
    <p className={styles['problem']} data-unreached={outcome}>
      {t(`desk.outbound.ended.${outcome}`, { number })}{' '}
      <CallBack whom={{ call: ended.call.id }} label="again" />
    </p>
  )
}
