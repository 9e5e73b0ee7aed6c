import { useTranslation } from 'react-i18next'
import { overMs } from '../../core/configuration/pauses.ts'
import { Icon } from './components/icon.tsx'
import { useExpectedMinutes } from './pause-names.ts'
import { useElapsed } from './time/elapsed.tsx'
import styles from './over-pause.module.css'

/** The mark of a pause that lasts longer than is expected of its reason; nothing before. */
export function OverPause({ reason, since }: { readonly reason: string | null; readonly since: string }) {
  const { t } = useTranslation()
  const minutes = useExpectedMinutes(reason)
  const lastedMs = useElapsed(since)
  if (minutes === null || overMs({ expectedMinutes: minutes }, lastedMs) === null) return null
  return (
    <span className={styles['over']} data-over-pause={minutes}>
      <Icon name="clock" size={14} />
      {t('board.working.overPause', { count: minutes })}
    </span>
  )
}
