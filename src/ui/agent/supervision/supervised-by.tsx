import { useTranslation } from 'react-i18next'
import { Icon, type IconName } from '../../shared/components/icon.tsx'
import { inCall } from '../desk-actions.ts'
import type { DeskState } from '../desk-state.ts'
import styles from './supervised-by.module.css'

const icons = { monitor: 'ear', whisper: 'whisper', barge: 'talking' } as const satisfies Record<
  string,
  IconName
>

/** The supervisors in the agent's call. Its line is there in every call, so that nothing moves. */
export function SupervisedBy({ state }: { readonly state: DeskState }) {
  const { t } = useTranslation()
  if (!inCall(state)) return null
  const call = 'call' in state ? state.call : null
  return (
    <output className={styles['supervised']} aria-label={t('desk.supervised.label')}>
      {call?.supervisions.map(({ id, name, mode }) => (
        <span key={id} data-supervised={mode}>
          <Icon name={icons[mode]} size={15} />
          {t(`desk.supervised.${mode}`, { name })}
        </span>
      ))}
    </output>
  )
}
