import { Button, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useEffect, useRef, useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { RemarkView } from '../../http/journal/wire.ts'
import { api } from '../shared/server/api.ts'
import { problemText } from '../shared/server/problem-text.ts'
import { shortDateTime } from '../shared/time/time.ts'
import styles from './journal.module.css'

interface AccessLogRemarksProps {
  readonly entry: number
  readonly remarks: readonly RemarkView[]
  /** Null while no remark is being written. */
  readonly onAdded: ((remark: RemarkView) => void) | null
  readonly onCancel: () => void
}

/** The remarks on an entry, and the form for a new one. The entry itself never changes. */
export function AccessLogRemarks({ entry, remarks, onAdded, onCancel }: AccessLogRemarksProps) {
  const { i18n } = useTranslation()
  return (
    <tr data-remarks={entry}>
      <td colSpan={8} className={styles['remarks']}>
        {remarks.map(({ index, at, by, text }) => (
          <p key={index}>
            {text}{' '}
            <span className={styles['quiet']}>{`${by}, ${shortDateTime(at, i18n.language)}, ${index}`}</span>
          </p>
        ))}
        {onAdded !== null && <RemarkForm entry={entry} onAdded={onAdded} onCancel={onCancel} />}
      </td>
    </tr>
  )
}

interface RemarkFormProps extends Pick<AccessLogRemarksProps, 'entry' | 'onCancel'> {
  readonly onAdded: (remark: RemarkView) => void
}

function RemarkForm({ entry, onAdded, onCancel }: RemarkFormProps) {
  const { t } = useTranslation()
  const [text, setText] = useState('')
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => field.current?.focus(), [])
  const add = useMutation({
    mutationFn: () => api<RemarkView>('POST', `/journal/entries/${entry}/remarks`, { text: text.trim() }),
    onSuccess: onAdded,
  })

  function submit(event: FormEvent): void {
    event.preventDefault()
    add.mutate()
  }

  return (
    <form className={styles['remark']} onSubmit={submit}>
      <TextInput
        ref={field}
        size="xs"
        w={480}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onCancel()
        }}
        aria-label={t('journal.remark.text', { index: entry })}
        placeholder={t('journal.remark.hint')}
        maxLength={500}
      />
      <Button
        size="compact-sm"
        type="submit"
        disabled={text.trim() === '' || add.isPending}
        data-action="add-remark"
      >
        {t('journal.remark.add')}
      </Button>
      <output className={styles['refusal']}>{add.error !== null && problemText(add.error, t)}</output>
    </form>
  )
}
