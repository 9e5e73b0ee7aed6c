import { useTranslation } from 'react-i18next'
import { callControls, consultIn, isOffered } from '../desk-actions.ts'
import type { KeyAction } from '../keys/chords.ts'
import type { DeskState } from '../desk-state.ts'
import { TransferButton } from '../transfer/transfer-button.tsx'
import { CallButton } from './call-button.tsx'
import styles from './call-zone.module.css'

interface CallButtonsProps {
  readonly state: DeskState
  readonly run: (action: KeyAction) => void
  /** In one row, with the key beside the label. */
  readonly small?: boolean
}

/**
 * The buttons that make sense now, each in a fixed place: answer or hold first, decline or hang-up last, the transfer
 * between them.
 */
export function CallButtons({ state, run, small = false }: CallButtonsProps) {
  const { t } = useTranslation()
  const { first, last } = callControls(state)
  const common = { state, run, shape: small ? ('small' as const) : ('plain' as const) }
  const isHeld = state.name === 'held'
  const consult = consultIn(state)
  const alternates = consult?.seat === 'side' || consult?.seat === 'music'
  return (
    <div className={small ? styles['smallButtons'] : styles['buttons']} data-call-buttons>
      {first === 'answer' && (
        <CallButton
          {...common}
          action="answer"
          icon="talking"
          label={t('desk.answer')}
          colour="green"
          shape={small ? 'small' : 'wide'}
        />
      )}
      {first === 'desk phone' && <p className={styles['onDesk']}>{t('desk.answerOnDesk')}</p>}
      {first === 'hold' && (
        <CallButton
          {...common}
          action="hold"
          icon={alternates ? 'swap' : isHeld ? 'talking' : 'held'}
          label={t(alternates ? 'desk.consult.swap' : isHeld ? 'desk.resume' : 'desk.hold')}
          colour="blue"
        />
      )}
      {first === 'hold' && !small && consult === null && <TransferButton state={state} />}
      {first === 'hold' && !small && consult !== null && (
        <CallButton
          {...common}
          action="hand-over"
          icon="transfer"
          label={t('desk.consult.handOver')}
          colour="grey"
        />
      )}
      {last && (
        <CallButton
          {...common}
          action="hang-up"
          icon="hangUp"
          label={t(
            isOffered(state)
              ? 'desk.decline'
              : state.name !== 'consulted'
                ? 'desk.hangUp'
                : small
                  ? 'desk.consult.leave'
                  : 'desk.consult.leaveTalk',
          )}
          colour="red"
          {...(state.name === 'consulted' && !small && { place: 'leave' })}
        />
      )}
    </div>
  )
}
