import { Button, MultiSelect, Textarea } from '@mantine/core'
import { useEffect, useRef, useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { useSearch } from 'wouter/use-browser-location'
import {
  callerNoticeDaysMax,
  noticeStateAt,
  type NoticeTime,
} from '../../../core/announcements/caller-notice.ts'
import { clockOf } from '../../../core/local-time.ts'
import { callerNoticeMax } from '../../../http/caller-notices/wire.ts'
import { ListenButton } from '../../shared/components/listen-button.tsx'
import { unavailable } from '../../shared/components/unavailable.ts'
import { WhyNot } from '../../shared/components/why-not.tsx'
import { problemText } from '../../shared/server/problem-text.ts'
import { useQueueName, useQueues } from '../../shared/server/queue-names.ts'
import { useNow } from '../../shared/time/now.ts'
import { saidMoment } from '../../shared/time/said-moment.ts'
import { NoticeTimeFields } from './notice-time-fields.tsx'
import { hoursText, noticeTimeOf, usualTime } from './notice-time.ts'
import { useNoticeChanges } from './use-caller-notices.ts'
import styles from './caller-notices.module.css'

export function NoticeForm({ published }: { readonly published: (told: string) => void }) {
  const { t, i18n } = useTranslation()
  const queueName = useQueueName()
  const allQueues = useQueues()
  const now = useNow()
  const { add } = useNoticeChanges()
  const [text, setText] = useState('')
  const [queues, setQueues] = useState<readonly string[]>([])
  const [typed, setTyped] = useState(usualTime)
  const field = useRef<HTMLTextAreaElement>(null)
  // The board leads here.
  const isAskedFor = new URLSearchParams(useSearch()).get('for') === 'callers'
  useEffect(() => {
    if (isAskedFor) field.current?.focus()
  }, [isAskedFor])
  // Signs alone are not read out.
  const lacks = !/[\p{L}\p{N}]/u.test(text)
  const read = noticeTimeOf(typed, now)
  const wrongTime = read.ok ? null : t(`callerNotices.wrong.${read.why}`, { count: callerNoticeDaysMax })
  const said = (at: number): string => saidMoment(at, now, t, i18n.language)

  function heard({ from, until, daily }: NoticeTime): string {
    const begins = typed.from === null ? 'Now' : 'From'
    const times = { from: said(from), until: said(until) }
    return daily === null
      ? t(`callerNotices.heard${begins}`, times)
      : t(`callerNotices.heard${begins}Daily`, { ...times, hours: hoursText(daily) })
  }

  function submit(event: FormEvent): void {
    event.preventDefault()
    const sent = noticeTimeOf(typed, Date.now())
    if (lacks || !sent.ok || add.isPending) return
    const { from, until, daily } = sent.time
    add.mutate(
      {
        text: text.trim(),
        queues: [...queues],
        from: typed.from === null ? null : new Date(from).toISOString(),
        until: new Date(until).toISOString(),
        daily: daily === null ? null : { from: clockOf(daily.from), to: clockOf(daily.to) },
      },
      {
        onSuccess: () => {
          setText('')
          setQueues([])
          setTyped(usualTime)
          field.current?.focus()
          const state = noticeStateAt(sent.time, Date.now())
          published(
            state.state === 'planned'
              ? t('callerNotices.publishedFor', { at: said(state.at) })
              : t('callerNotices.published'),
          )
        },
      },
    )
  }

  return (
    <form className={styles['form']} onSubmit={submit} data-caller-notice-form>
      <div className={styles['text']}>
        <Textarea
          ref={field}
          label={t('callerNotices.text')}
          description={t('callerNotices.textHint')}
          inputWrapperOrder={['label', 'input', 'description']}
          maxLength={callerNoticeMax}
          autosize
          minRows={2}
          maxRows={5}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <ListenButton text={lacks ? '' : text} language="ro" />
      </div>
      <MultiSelect
        label={t('callerNotices.queues')}
        placeholder={queues.length === 0 ? t('callerNotices.allQueues') : ''}
        data={allQueues.map(({ id }) => ({ value: id, label: queueName(id) ?? id }))}
        value={[...queues]}
        onChange={setQueues}
        comboboxProps={{ portalProps: { target: '#work' }, transitionProps: { duration: 0 } }}
        w={260}
      />
      <NoticeTimeFields typed={typed} change={setTyped} />
      <div className={styles['send']}>
        <WhyNot reason={lacks ? t('callerNotices.lacks') : wrongTime}>
          <Button
            type="submit"
            {...unavailable(lacks || !read.ok || add.isPending)}
            data-action="add-caller-notice"
          >
            {t('callerNotices.add')}
          </Button>
        </WhyNot>
        <p className={wrongTime === null ? styles['quiet'] : styles['problem']} data-notice-heard={read.ok}>
          {read.ok ? heard(read.time) : wrongTime}
        </p>
      </div>
      <p className={styles['problem']} role="alert">
        {add.error === null ? '' : problemText(add.error, t)}
      </p>
    </form>
  )
}
