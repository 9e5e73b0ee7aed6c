import { Textarea } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
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
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  if (!isSupervisor(me) || call.outcome === null) return null
  const lacks = text.trim() === ''

  async function add(event: FormEvent): Promise<void> {
    event.preventDefault()
    if (busy || lacks) return
    setBusy(true)
    try {
      await api('POST', `/calls/${encodeURIComponent(call.id)}/notes`, { text })
      sent()
      setError(null)
      await client.invalidateQueries({ queryKey: ['calls', 'one', call.id] })
    } catch (refused) {
      setError(refused)
    } finally {
      setBusy(false)
    }
  }

  return (
    <form className={styles['addNote']} onSubmit={(event) => void add(event)} data-saves-itself>
      <Textarea
        label={t('calls.correction.note')}
        value={text}
        rows={2}
        maxLength={noteMax}
        onChange={(event) => change(event.currentTarget.value)}
        error={error === null ? null : problemText(error, t)}
        data-note
      />
      <WhyNot reason={lacks ? t('calls.correction.noteFirst') : null}>
        <BusyButton
          type="submit"
          variant="default"
          size="compact-sm"
          {...unavailable(lacks)}
          loading={busy}
          data-action="add-note"
        >
          {t('calls.correction.addNote')}
        </BusyButton>
      </WhyNot>
    </form>
  )
}
