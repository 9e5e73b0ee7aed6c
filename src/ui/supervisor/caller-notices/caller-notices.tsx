import { Button } from '@mantine/core'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CallerNoticeItem } from '../../../http/caller-notices/wire.ts'
import { problemText } from '../../shared/server/problem-text.ts'
import { useQueueName } from '../../shared/server/queue-names.ts'
import { useNow } from '../../shared/time/now.ts'
import { saidMoment } from '../../shared/time/said-moment.ts'
import { NoticeForm } from './notice-form.tsx'
import { endTexts, stateOf } from './notice-time.ts'
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

  function endOne(notice: CallerNoticeItem): void {
    const { done } = endTexts(notice, Date.now())
    setTold('')
    end.mutate(notice.id, {
      onSuccess: () => setTold(t(done)),
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
      <NoticeForm published={setTold} />
      <output className={styles['told']}>{told}</output>
      <p className={styles['problem']} role="alert">
        {problem === null ? '' : problemText(problem, t)}
      </p>
      {notices?.length === 0 && <p className={styles['quiet']}>{t('callerNotices.none')}</p>}
      <ul className={styles['list']}>
        {notices?.map((notice) => (
          <NoticeRow key={notice.id} notice={notice} isEnding={end.isPending} end={() => endOne(notice)} />
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
  const { id, text, queues, from, until, daily, endedAt, by, heard, spared } = notice
  const now = useNow()
  const { state, at } = stateOf(notice, now)
  const isOver = state === 'over'
  const texts = endTexts(notice, now)
  const isBegun = Date.parse(from) <= now
  const whose = queues.length === 0 ? t('callerNotices.allQueues') : queues.map(queueName).join(' · ')
  const said = (moment: string | number): string => saidMoment(moment, now, t, i18n.language)
  const isWithdrawn = endedAt !== null && Date.parse(endedAt) < Date.parse(from)
  const times = isOver
    ? isWithdrawn
      ? t('callerNotices.withdrawn', { at: said(at) })
      : said(at)
    : isBegun
      ? t('callerNotices.until', { at: said(until) })
      : t('callerNotices.span', { from: said(from), until: said(until) })
  const parts = [
    times,
    ...(daily === null || isOver
      ? []
      : [t('callerNotices.everyDay', { hours: `${daily.from}–${daily.to}` })]),
    ...(isBegun && state === 'planned' ? [t('callerNotices.again', { at: said(at) })] : []),
    whose,
    by.name,
  ]
  return (
    <li data-caller-notice={id} data-over={isOver} data-state={state}>
      <strong>{text}</strong>
      <span>
        <b className={styles['state']} data-state={state}>
          {t(`callerNotices.state.${state === 'in force' ? 'inForce' : state}`)}
        </b>{' '}
        {parts.join(', ')}
      </span>
      {isBegun && !isWithdrawn && (
        <span data-heard={heard} data-spared={spared}>
          {t('callerNotices.heard', { count: heard })}
          {heard > 0 && `; ${t('callerNotices.spared', { count: spared })}`}
        </span>
      )}
      {!isOver && (
        <div>
          <Button
            variant="default"
            size="compact-sm"
            disabled={isEnding}
            aria-label={t(texts.name, { text })}
            onClick={end}
            data-action="end-caller-notice"
          >
            {t(texts.label)}
          </Button>
        </div>
      )}
    </li>
  )
}
