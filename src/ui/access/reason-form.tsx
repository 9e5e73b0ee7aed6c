import { NativeSelect, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { accessReasons, type AccessReason, type StateReason } from '../../http/access/wire.ts'
import { BusyButton } from '../shared/components/busy-button.tsx'
import { unavailable } from '../shared/components/unavailable.ts'
import { api, Problem } from '../shared/server/api.ts'
import { problemText } from '../shared/server/problem-text.ts'
import styles from './access.module.css'

/** The refusal that a stated reason lifts. */
export const needsReason = (error: unknown): boolean =>
  error instanceof Problem && error.code === 'needs-reason'

interface ReasonFormProps {
  readonly object: StateReason['object']
  readonly id: string
  /** Requests the object again, which a reason has opened. */
  readonly opened: () => Promise<unknown>
}

/** In place of a call or request that is not the agent's: why it is closed, and the reason that opens it. */
export function ReasonForm({ object, id, opened }: ReasonFormProps) {
  const { t } = useTranslation()
  const [reason, setReason] = useState<AccessReason | ''>('')
  const [text, setText] = useState('')
  const isComplete = reason !== '' && text.trim().length >= 3
  const open = useMutation({
    mutationFn: (stated: StateReason) => api('POST', '/access', stated),
    onSuccess: () => opened(),
  })

  function submit(event: FormEvent): void {
    event.preventDefault()
    if (reason !== '' && isComplete) open.mutate({ object, id, reason, text: text.trim() })
  }

  return (
    <form className={styles['reason']} onSubmit={submit} data-needs-reason={object}>
      <p>{t(`access.closed.${object}`)}</p>
      <NativeSelect
        label={t('access.reason')}
        value={reason}
        onChange={(event) => setReason(accessReasons.find((one) => one === event.currentTarget.value) ?? '')}
        data={[
          { value: '', label: t('access.choose') },
          ...accessReasons.map((one) => ({ value: one, label: t(`access.reasons.${one}`) })),
        ]}
        required
        withAsterisk={false}
      />
      <TextInput
        label={t('access.text')}
        placeholder={t('access.textHint')}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        maxLength={500}
        required
      />
      <BusyButton
        type="submit"
        {...unavailable(!isComplete)}
        loading={open.isPending}
        data-action="open-with-reason"
      >
        {t('access.open')}
      </BusyButton>
      <p className={styles['quiet']}>{t('access.onRecord')}</p>
      <output className={styles['breach']}>{open.error !== null && problemText(open.error, t)}</output>
    </form>
  )
}
