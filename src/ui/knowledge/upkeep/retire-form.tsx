import { Button, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { unavailable } from '../../shared/components/unavailable.ts'
import { WhyNot } from '../../shared/components/why-not.tsx'
import { api } from '../../shared/server/api.ts'
import { problemText } from '../../shared/server/problem-text.ts'
import { useFocus } from '../../shared/use-focus.ts'
import styles from '../knowledge.module.css'

interface RetireFormProps {
  readonly id: string
  readonly retired: boolean
}

/** Takes an article out of use, with the reason that whoever opens it from an old link reads; or brings it back. */
export function RetireForm({ id, retired }: RetireFormProps) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const [asking, setAsking] = useState(false)
  const path = `/papers/${encodeURIComponent(id)}/retirement`
  const change = useMutation({
    mutationFn: (reason: string | null) =>
      reason === null ? api('DELETE', path) : api('POST', path, { reason }),
    onSuccess: async () => {
      setAsking(false)
      await client.invalidateQueries({ queryKey: ['papers'] })
    },
  })
  return (
    <div className={styles['retire']}>
      {retired && (
        <Button
          variant="default"
          disabled={change.isPending}
          onClick={() => change.mutate(null)}
          data-action="bring-back"
        >
          {t('papers.retired.bringBack')}
        </Button>
      )}
      {!retired && !asking && (
        <Button variant="default" onClick={() => setAsking(true)} data-action="retire">
          {t('papers.retired.retire')}
        </Button>
      )}
      {!retired && asking && (
        <ReasonForm
          busy={change.isPending}
          send={(reason) => change.mutate(reason)}
          cancel={() => setAsking(false)}
        />
      )}
      {change.error !== null && (
        <p className={styles['problem']} role="alert">
          {problemText(change.error, t)}
        </p>
      )}
    </div>
  )
}

interface ReasonFormProps {
  readonly busy: boolean
  readonly send: (reason: string) => void
  readonly cancel: () => void
}

function ReasonForm({ busy, send, cancel }: ReasonFormProps) {
  const { t } = useTranslation()
  const field = useFocus<HTMLInputElement>()
  const [reason, setReason] = useState('')
  const lacks = reason.trim() === ''
  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    if (lacks) field.current?.focus()
    else if (!busy) send(reason)
  }
  return (
    <form className={styles['retire']} onSubmit={submit}>
      <TextInput
        ref={field}
        label={t('papers.retired.why')}
        description={t('papers.retired.hint')}
        withAsterisk
        maxLength={300}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        data-retire-reason
      />
      <WhyNot reason={lacks ? t('papers.retired.whyFirst') : null}>
        <Button type="submit" {...unavailable(busy || lacks)} data-action="retire-now">
          {t('papers.retired.retireNow')}
        </Button>
      </WhyNot>
      <Button variant="subtle" onClick={cancel}>
        {t('papers.edit.cancel')}
      </Button>
    </form>
  )
}
