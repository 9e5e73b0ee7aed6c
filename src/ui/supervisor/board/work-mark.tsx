import { useTranslation } from 'react-i18next'
import { Icon, type IconName } from '../../shared/components/icon.tsx'
import type { WorkState } from './figures.ts'
import styles from './board.module.css'

const marks: Readonly<Record<WorkState, IconName>> = {
  'signed out': 'signed-out',
  paused: 'paused',
  ready: 'ready',
  offered: 'ringing',
  calling: 'callOut',
  talking: 'talking',
  consulted: 'consulted',
  help: 'hand',
  held: 'held',
  'wrap-up': 'wrap-up',
  'no phone': 'no-phone',
  'own call': 'talking',
  reconnecting: 'reconnecting',
}
const tokens: Readonly<Record<WorkState, string>> = {
  'signed out': 'signed-out',
  paused: 'paused',
  ready: 'ready',
  offered: 'ringing',
  calling: 'ringing',
  talking: 'talking',
  consulted: 'talking',
  help: 'ringing',
  held: 'held',
  'wrap-up': 'wrap-up',
  'no phone': 'no-phone',
  'own call': 'paused',
  reconnecting: 'reconnecting',
}

/** A state as icon and word, in its colour. */
export function WorkMark({ state }: { readonly state: WorkState }) {
  const { t } = useTranslation()
  return (
    <span className={styles['mark']} style={{ color: `var(--state-${tokens[state]})` }} data-state={state}>
      <Icon name={marks[state]} size={15} />
      {t(`board.state.${state}`)}
    </span>
  )
}
