import { useTranslation } from 'react-i18next'
import { Concerns } from '../../knowledge/concerns.tsx'
import { useNotices } from '../../knowledge/use-notices.ts'
import { longDay } from '../../shared/time/time.ts'
import styles from './script-zone.module.css'

/** The notices of the day, shown between calls. */
export function IdleNotices() {
  const { t, i18n } = useTranslation()
  const { data: notices = [] } = useNotices()
  if (notices.length === 0) return null
  return (
    <div className={styles['notices']}>
      <h2 className={styles['heading']} id="notices">
        {t('papers.notices.title')}
      </h2>
      <ul aria-labelledby="notices">
        {notices.map(({ id, text, by, to, articles, queues }) => (
          <li key={id} data-notice={id}>
            {text}
            <Concerns articles={articles} queues={queues} />
            <span>{t('papers.notices.by', { name: by, day: longDay(to, i18n.language) })}</span>
          </li>
        ))}
      </ul>
    </div>
  )
}
