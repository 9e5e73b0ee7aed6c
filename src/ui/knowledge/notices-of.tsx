import { useTranslation } from 'react-i18next'
import { Icon } from '../shared/components/icon.tsx'
import { longDay } from '../shared/time/time.ts'
import { concerning, shortened, type Concern } from './concerning.ts'
import { useNotices } from './use-notices.ts'
import styles from './notices.module.css'

/**
 * The notices of today about an article, in full; or about a call of a queue, in one line that opens. Nothing without
 * any.
 */
export function NoticesOf(about: Concern) {
  const { t } = useTranslation()
  const { data = [] } = useNotices()
  const notices = concerning(data, about)
  const [first] = notices
  if (first === undefined) return null
  if ('article' in about)
    return (
      <div className={styles['whole']} data-notices-of={about.article}>
        <Notices notices={notices} />
      </div>
    )
  return (
    <details className={styles['line']} data-notices-of={about.queue}>
      <summary>
        <Icon name="notice" size={16} />
        <span className={styles['first']}>{shortened(first.text)}</span>
        {notices.length > 1 && (
          <span className={styles['more']}>
            <span aria-hidden="true">+{notices.length - 1}</span>
            <span className="spoken-only">{t('papers.notices.more', { count: notices.length - 1 })}</span>
          </span>
        )}
      </summary>
      <Notices notices={notices} />
    </details>
  )
}

function Notices({ notices }: { readonly notices: ReturnType<typeof concerning> }) {
  const { t, i18n } = useTranslation()
  return (
    <ul>
      {notices.map(({ id, text, by, to }) => (
        <li key={id} data-notice={id}>
          <Icon name="notice" size={16} />
          <span>
            {text} <small>{t('papers.notices.by', { name: by, day: longDay(to, i18n.language) })}</small>
          </span>
        </li>
      ))}
    </ul>
  )
}
