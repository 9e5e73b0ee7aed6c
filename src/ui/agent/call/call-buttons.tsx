import { useTranslation } from 'react-i18next'
import type { KeyAction } from '../keys/chords.ts'
import type { DeskState } from '../desk-state.ts'
import { CallButton } from './call-button.tsx'
import styles from './call-zone.module.css'

interface CallButtonsProps {
  readonly state: DeskState
  readonly run: (action: KeyAction) => void
  /** In one row, with the key beside the label. */
  readonly small?: boolean
}

/** Three buttons that never move and never change their meaning. */
export function CallButtons({ state, run, small = false }: CallButtonsProps) {
  const { t } = useTranslation()
  return (
    <div className={small ? styles['smallButtons'] : styles['buttons']}>
      <CallButton
        action="answer"
        icon="talking"
        label={t('desk.answer')}
        colour="green"
        state={state}
        run={run}
        small={small}
      />
      <CallButton
        action="hold"
        icon={state.name === 'held' ? 'talking' : 'held'}
        label={state.name === 'held' ? t('desk.resume') : t('desk.hold')}
        colour="blue"
        state={state}
        run={run}
        small={small}
      />
      <CallButton
        action="hang-up"
        icon="hangUp"
        label={state.name === 'ringing' ? t('desk.decline') : t('desk.hangUp')}
        colour="red"
        state={state}
        run={run}
        small={small}
      />
    </div>
  )
}
