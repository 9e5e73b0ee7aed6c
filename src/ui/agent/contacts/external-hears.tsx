import { useTranslation } from 'react-i18next'
import { Icon } from '../../shared/components/icon.tsx'
import { useDeskState } from '../use-desk.ts'
import styles from './contacts.module.css'

/** Above tax data, while somebody outside the city's contact centre hears the caller or the agent. */
export function ExternalHears() {
  const { t } = useTranslation()
  const state = useDeskState()
  const external = 'call' in state ? (state.call?.externalHears ?? null) : null
  return (
    <div role="alert">
      {external !== null && (
        <p className={styles['external']} data-external-hears={external.id}>
          <Icon name="warning" size={18} />
          <span>{t('desk.contacts.hears', { name: external.name })}</span>
        </p>
      )}
    </div>
  )
}
