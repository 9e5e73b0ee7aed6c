import { Button } from '@mantine/core'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CallerNoticeItem } from '../../../http/caller-notices/wire.ts'
import { problemText } from '../../shared/server/problem-text.ts'
import { useQueueName } from '../../shared/server/queue-names.ts'
import { useNow } from '../../shared/time/now.ts'
import { shortDateTime } from '../../shared/time/time.ts'
import { NoticeForm } from './notice-form.tsx'
import { useCallerNotices, useNoticeChanges } from './use-caller-notices.ts'
import styles from './caller-notices.module.css'

/** The notices that callers hear, with the callers whom each has spared the wait. */
export function CallerNotices() {
  const { t } = useTranslation()
  const { data: notices, error } = useCallerNotices()
  const { end } = useNoticeChanges()
  const [told, setTold] = useState('')
  const heading = useRef<HTMLHeadingElement>(null)
  const problem = error ?? end.error

  function endOne(id: number): void {
    setTold('')
    end.mutate(id, {
      onSuccess: () => setTold(t('callerNotices.ended')),
      // The button is gone with the end.
      onSettled: () => heading.current?.focus(),
    })
  }

  return (
    <section className={styles['section']} data-caller-notices>
      <h2 ref={heading} tabIndex={-1}>
        {t('callerNotices.title')}
      </h2>
      <p className={styles['quiet']}>{t('callerNotices.about')}</p>
      <NoticeForm published={() => setTold(t('callerNotices.published'))} />
      <output className={styles['told']}>{told}</output>
      <p className={styles['problem']} role="alert">
        {problem === null ? '' : problemText(problem, t)}
      </p>
      {notices?.length === 0 && <p className={styles['quiet']}>{t('callerNotices.none')}</p>}
      <ul className={styles['list']}>
        {notices?.map((notice) => (
          <NoticeRow key={notice.id} notice={notice} isEnding={end.isPending} end={() => endOne(notice.id)} />
        ))}
      </ul>
    </section>
  )
}

interface NoticeRowProps {
  readonly notice: CallerNoticeItem
  readonly isEnding: boolean
  readonly end: () => void
}

function NoticeRow({ notice, isEnding, end }: NoticeRowProps) {
  const { t, i18n } = useTranslation()
  const queueName = useQueueName()
  const { id, text, queues, until, endedAt, by, heard, spared } = notice
  const now = useNow()
  const isOver = endedAt !== null || Date.parse(until) <= now
  const whose = queues.length === 0 ? t('callerNotices.allQueues') : queues.map(queueName).join(' · ')
  const at = shortDateTime(endedAt ?? until, i18n.language)
  return (
    <li data-caller-notice={id} data-over={isOver}>
      <strong>{text}</strong>
      <span>
        {whose}; {t(isOver ? 'callerNotices.over' : 'callerNotices.until', { at })}, {by.name}
      </span>
      <span data-heard={heard} data-spared={spared}>
        {t('callerNotices.heard', { count: heard })}
        {heard > 0 && `; ${t('callerNotices.spared', { count: spared })}`}
      </span>
      {!isOver && (
        <div>
          <Button
            variant="default"
            size="compact-sm"
            disabled={isEnding}
            aria-label={t('callerNotices.endOne', { text })}
            onClick={end}
            data-action="end-caller-notice"
          >
            {t('callerNotices.end')}
          </Button>
        </div>
      )}
    </li>
  )
}
