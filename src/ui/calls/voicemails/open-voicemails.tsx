import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { Problem } from '../../shared/server/api.ts'
import { useOpenVoicemails } from './use-voicemails.ts'
import styles from '../calls.module.css'

/** How many messages of the agent's queues are open, with the way to them; nothing where there are none. A number that is not known is not none. */
export function OpenVoicemails() {
  const { t } = useTranslation()
  const { data, error } = useOpenVoicemails()
  if (error instanceof Problem && error.code === 'agreement-unsigned')
    return (
      <p className={styles['quiet']}>
        <Link href="/agreement">{t('calls.voicemail.unsigned')}</Link>
      </p>
    )
  if (error !== null) return <p className={styles['quiet']}>{t('calls.voicemail.unknown')}</p>
  if (data === undefined || data.count === 0) return null
  const { count, isLate } = data
  return (
    <p className={styles['quiet']} data-open-voicemails={count}>
      <Link href="/calls">{t('calls.voicemail.ofDesk', { count })}</Link>
      {isLate && ` (${t('calls.voicemail.late')})`}
    </p>
  )
}
