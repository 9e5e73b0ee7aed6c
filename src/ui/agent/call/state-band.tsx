import { useTranslation } from 'react-i18next'
import { Elapsed } from '../../shared/time/elapsed.tsx'
import { Icon } from '../../shared/components/icon.tsx'
import type { DeskState } from '../desk-state.ts'
import { useStateText } from '../desk-state-text.ts'
import { useHoldReminders, useMuted } from '../use-desk.ts'
import { Remaining, RemainingBar } from './remaining.tsx'
import styles from './call-zone.module.css'

/** The state as colour, icon and word; the colour never carries the meaning alone. */
export function StateBand({ state }: { readonly state: DeskState }) {
  const { t } = useTranslation()
  const muted = useMuted(state)
  const text = useStateText(state, muted)
  const forgotten = useHoldReminders(state) > 0
  const token = muted
    ? 'muted'
    : state.name === 'connecting' || state.name === 'elsewhere'
      ? 'signed-out'
      : state.name === 'calling'
        ? 'ringing'
        : state.name
  return (
    <div
      className={styles['band']}
      data-band={state.name}
      data-muted={muted}
      data-forgotten={forgotten}
      style={{ background: `var(--state-${token}-fill)`, color: `var(--state-${token}-on)` }}
    >
      <Icon name={muted ? 'microphoneOff' : state.name === 'calling' ? 'callOut' : state.name} size={20} />
      <span className={styles['words']}>{forgotten ? t('desk.heldLong') : text}</span>
      <span className={styles['time']}>
        {state.name === 'wrap-up' ? (
          <Remaining until={state.until} />
        ) : (
          'since' in state && <Elapsed since={state.since} />
        )}
      </span>
      {state.name === 'wrap-up' && <RemainingBar since={state.since} until={state.until} />}
    </div>
  )
}
