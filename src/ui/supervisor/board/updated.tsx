import { useTranslation } from 'react-i18next'
import { useLive } from '../../live/use-live.ts'
import { clock } from '../../shared/time/time.ts'
import styles from './board.module.css'

/** The time of the last event, marked when it is too old. */
export function Updated() {
  const { t, i18n } = useTranslation()
  const status = useLive((state) => state.status)
  const heardAt = useLive((state) => state.heardAt)
  if (heardAt === null) return <span className={styles['updated']}>{t('common.loading')}</span>
  const time = clock(heardAt, i18n.language)
  return (
    <span
      className={`${styles['updated']} ${status === 'live' ? '' : styles['breach']}`}
      data-status={status}
    >
      {t(status === 'live' ? 'board.updated' : 'board.stale', { time })}
    </span>
  )
}
