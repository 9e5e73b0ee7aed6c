import { Tooltip } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Notice } from '../../http/knowledge/wire.ts'
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
  return <NoticeLine queue={about.queue} first={first.text} notices={notices} />
}

interface NoticeLineProps {
  readonly queue: string
  readonly first: string
  readonly notices: readonly Notice[]
}

/** The first notice in one line, whole on hover and focus; all of them once it is opened. */
function NoticeLine({ queue, first, notices }: NoticeLineProps) {
  const { t } = useTranslation()
  const [isOpen, setOpen] = useState(false)
  const line = shortened(first)
  return (
    <details
      className={styles['line']}
      onToggle={(event) => setOpen(event.currentTarget.open)}
      data-notices-of={queue}
    >
      <Tooltip
        label={first}
        disabled={isOpen || line === first}
        events={{ hover: true, focus: true, touch: true }}
        multiline
        maw={300}
        position="bottom"
      >
        <summary>
          <Icon name="notice" size={16} />
          <span className={styles['first']}>{line}</span>
          {notices.length > 1 && (
            <span className={styles['more']}>
              <span aria-hidden="true">+{notices.length - 1}</span>
              <span className="spoken-only">{t('papers.notices.more', { count: notices.length - 1 })}</span>
            </span>
          )}
        </summary>
      </Tooltip>
      <Notices notices={notices} />
    </details>
  )
}

function Notices({ notices }: { readonly notices: readonly Notice[] }) {
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
