import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { Icon } from '../../shared/components/icon.tsx'
import { useAccessAlerts } from '../../access/use-access.ts'
import { useAlerts } from './use-identity.ts'
import styles from '../board/board.module.css'

/** A line on the board when a channel is locked or an alert is open, about checks or looks; otherwise nothing. */
export function IdentityLine() {
  const { t } = useTranslation()
  const { data } = useAlerts()
  const looks = useAccessAlerts().data?.items.length ?? 0
  if (data === undefined) return null
  const { closed, agents, numbers } = data
  const parts = [
    ...(closed > 0 ? [t('identity.locks.strip', { count: closed })] : []),
    ...(agents.length + numbers.length > 0 ? [t('identity.locks.stripAlerts')] : []),
    ...(looks > 0 ? [t('access.strip')] : []),
  ]
  if (parts.length === 0) return null
  return (
    <Link href="/identity" className={styles['identity'] ?? ''}>
      <Icon name="warning" size={15} /> {parts.join(', ')}
    </Link>
  )
}
