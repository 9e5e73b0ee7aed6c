import { Textarea } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { BusyButton } from '../shared/components/busy-button.tsx'
import { unavailable } from '../shared/components/unavailable.ts'
import { WhyNot } from '../shared/components/why-not.tsx'
import { api } from '../shared/server/api.ts'
import { isSupervisor, useMe } from '../shared/server/me.ts'
import { problemText } from '../shared/server/problem-text.ts'
import { acceptText } from '../shared/unsaved/kept-values.ts'
import { useKept } from '../shared/unsaved/use-kept.ts'
import type { Detail } from './use-calls.ts'
import styles from './correct-wrap-up.module.css'

const noteMax = 2_000

/** A supervisor's note. The agent of the call adds theirs with the wrap-up form. */
export function AddNote({ call }: { readonly call: Detail }) {
  const { t } = useTranslation()
  const me = useMe()
  const client = useQueryClient()
  const {
    value: text,
    change,
    sent,
  } = useKept({
    name: `note on ${call.id}`,
    basis: '',
    initial: '',
    accept: acceptText,
    // It may name a citizen.
    where: 'tab',
  })
  const add = useMutation({
    mutationFn: () => api('POST', `/calls/${encodeURIComponent(call.id)}/notes`, { text }),
    onSuccess: () => {
      sent()
      return client.invalidateQueries({ queryKey: ['calls', 'one', call.id] })
    },
  })
  if (!isSupervisor(me) || call.outcome === null) return null
  const lacks = text.trim() === ''

  function submit(event: FormEvent): void {
    event.preventDefault()
    if (!add.isPending && !lacks) add.mutate()
  }

  return (
    <form className={styles['addNote']} onSubmit={submit} data-saves-itself>
      <Textarea
        label={t('calls.correction.note')}
        value={text}
        rows={2}
        maxLength={noteMax}
        onChange={(event) => change(event.currentTarget.value)}
        error={add.error === null ? null : problemText(add.error, t)}
        data-note
      />
      <WhyNot reason={lacks ? t('calls.correction.noteFirst') : null}>
        <BusyButton
          type="submit"
          variant="default"
          size="compact-sm"
          {...unavailable(lacks)}
          loading={add.isPending}
          data-action="add-note"
        >
          {t('calls.correction.addNote')}
        </BusyButton>
      </WhyNot>
    </form>
  )
}
