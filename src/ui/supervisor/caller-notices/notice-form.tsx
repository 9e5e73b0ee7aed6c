import { Button, MultiSelect, NativeSelect, Textarea } from '@mantine/core'
import { useRef, useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { callerNoticeMax } from '../../../http/caller-notices/wire.ts'
import { ListenButton } from '../../shared/components/listen-button.tsx'
import { unavailable } from '../../shared/components/unavailable.ts'
import { WhyNot } from '../../shared/components/why-not.tsx'
import { problemText } from '../../shared/server/problem-text.ts'
import { useQueueName, useQueues } from '../../shared/server/queue-names.ts'
import { useNow } from '../../shared/time/now.ts'
import { shortDateTime } from '../../shared/time/time.ts'
import { useNoticeChanges } from './use-caller-notices.ts'
import styles from './caller-notices.module.css'

const hourMs = 3_600_000
const hours = ['1', '2', '4', '8', '24', '72', '168'] as const
type Hours = (typeof hours)[number]
const endOf = (lasts: Hours, now: number): string => new Date(now + Number(lasts) * hourMs).toISOString()

export function NoticeForm({ published }: { readonly published: () => void }) {
  const { t, i18n } = useTranslation()
  const queueName = useQueueName()
  const allQueues = useQueues()
  const now = useNow()
  const { add } = useNoticeChanges()
  const [text, setText] = useState('')
  const [queues, setQueues] = useState<readonly string[]>([])
  const [lasts, setLasts] = useState<Hours>('4')
  const field = useRef<HTMLTextAreaElement>(null)
  // Signs alone are not read out.
  const lacks = !/[\p{L}\p{N}]/u.test(text)

  function submit(event: FormEvent): void {
    event.preventDefault()
    if (lacks || add.isPending) return
    add.mutate(
      { text: text.trim(), queues: [...queues], until: endOf(lasts, Date.now()) },
      {
        onSuccess: () => {
          setText('')
          setQueues([])
          field.current?.focus()
          published()
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
      <NativeSelect
        label={t('callerNotices.lasts')}
        data={hours.map((value) => ({
          value,
          label: `${t(`callerNotices.hours.h${value}`)}, ${t('callerNotices.until', { at: shortDateTime(endOf(value, now), i18n.language) })}`,
        }))}
        value={lasts}
        onChange={(event) => setLasts(hours.find((one) => one === event.currentTarget.value) ?? '4')}
        w={280}
      />
      <WhyNot reason={lacks ? t('callerNotices.lacks') : null}>
        <Button type="submit" {...unavailable(lacks || add.isPending)} data-action="add-caller-notice">
          {t('callerNotices.add')}
        </Button>
      </WhyNot>
      <p className={styles['problem']} role="alert">
        {add.error === null ? '' : problemText(add.error, t)}
      </p>
    </form>
  )
}
