import { NativeSelect, TextInput } from '@mantine/core'
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
  /** Called when the object may be requested again. */
  readonly opened: () => void
}

/** In place of a call or request that is not the agent's: why it is closed, and the reason that opens it. */
export function ReasonForm({ object, id, opened }: ReasonFormProps) {
  const { t } = useTranslation()
  const [reason, setReason] = useState<AccessReason | ''>('')
  const [text, setText] = useState('')
  const [problem, setProblem] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const isComplete = reason !== '' && text.trim().length >= 3

  async function open(event: FormEvent): Promise<void> {
    event.preventDefault()
    if (reason === '' || !isComplete) return
    setBusy(true)
    try {
      await api('POST', '/access', { object, id, reason, text: text.trim() } satisfies StateReason)
      opened()
    } catch (refused) {
      setProblem(refused)
      setBusy(false)
    }
  }

  return (
    <form className={styles['reason']} onSubmit={(event) => void open(event)} data-needs-reason={object}>
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
      <BusyButton type="submit" {...unavailable(!isComplete)} loading={busy} data-action="open-with-reason">
        {t('access.open')}
      </BusyButton>
      <p className={styles['quiet']}>{t('access.onRecord')}</p>
      <output className={styles['breach']}>{problem !== null && problemText(problem, t)}</output>
    </form>
  )
}
