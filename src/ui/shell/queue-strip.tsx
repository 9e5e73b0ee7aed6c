import { useTranslation } from 'react-i18next'
import { useLive } from '../live/use-live.ts'
import { Icon } from '../shared/components/icon.tsx'
import { queueFigures } from './queue-figures.ts'
import styles from './shell.module.css'

/** Callers waiting and the longest wait, for agents on every screen: counts alone, of nobody in particular. */
export function QueueStrip() {
  const { t } = useTranslation()
  const { waiting, longest, tooLong, stale } = queueFigures(useLive((state) => state))
  return (
    <p className={styles['queue']} data-queue-strip={stale ? 'stale' : 'live'} data-too-long={tooLong}>
      {/* The place of the icon is kept, so that nothing moves. */}
      <span className={styles['queueIcon']}>
        {(stale || tooLong) && <Icon name={stale ? 'reconnecting' : 'warning'} size={16} />}
      </span>
      {t('common.queueStrip.waiting')}{' '}
      <strong className={styles['waitingCount']} data-waiting>
        {waiting}
      </strong>
      <span aria-hidden="true"> · </span>
      {t('common.queueStrip.longest')}{' '}
      <strong className={styles['longestWait']} data-longest>
        {longest}
      </strong>
      {(stale || tooLong) && (
        <span className="spoken-only">{t(`common.queueStrip.${stale ? 'stale' : 'tooLong'}`)}</span>
      )}
    </p>
  )
}
