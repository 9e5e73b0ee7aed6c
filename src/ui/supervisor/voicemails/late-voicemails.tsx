import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { Icon } from '../../shared/components/icon.tsx'
import { useOpenVoicemails } from '../../calls/voicemails/use-voicemails.ts'
import styles from '../board/board.module.css'

/** A line on the board while a message of any queue is late; otherwise nothing. */
export function LateVoicemails() {
  const { t } = useTranslation()
  const { data } = useOpenVoicemails()
  if (data?.isLate !== true) return null
  return (
    <Link href="/calls" className={styles['identity'] ?? ''} data-late-voicemails>
      <Icon name="warning" size={15} /> {t('calls.voicemail.strip')}
    </Link>
  )
}
