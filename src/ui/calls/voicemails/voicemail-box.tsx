import { NativeSelect, Textarea } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { voicemailResults, type VoicemailResult } from '../../../core/voicemails/voicemail.ts'
import { voicemailNoteMax, type VoicemailItem } from '../../../http/voicemails/wire.ts'
import { BusyButton } from '../../shared/components/busy-button.tsx'
import { isAgent, isSupervisor, useMe } from '../../shared/server/me.ts'
import { problemText } from '../../shared/server/problem-text.ts'
import { stateWords } from './voicemail-state.ts'
import { useVoicemailSteps } from './use-voicemails.ts'
import styles from '../calls.module.css'

/** The message of a call as a task: taken, left to others, closed with what became of it. */
export function VoicemailBox({ one }: { readonly one: VoicemailItem }) {
  const { t, i18n } = useTranslation()
  const me = useMe()
  const { take, release, close } = useVoicemailSteps(one.call)
  const [result, setResult] = useState<VoicemailResult | ''>('')
  const [lacksResult, setLacksResult] = useState(false)
  const [note, setNote] = useState('')
  const act = useMutation({ mutationFn: (step: () => Promise<void>) => step() })
  const acts = one.closed === null && one.sound !== 'silence' && (isAgent(me) || isSupervisor(me))
  const isMine = one.takenBy?.id === me.id

  function submit(event: FormEvent): void {
    event.preventDefault()
    // Closing is final: what became of it is chosen, never proposed.
    setLacksResult(result === '')
    if (result !== '' && !act.isPending) act.mutate(() => close({ result, note }))
  }

  return (
    <section
      className={styles['voicemail']}
      aria-labelledby="voicemail"
      data-voicemail-state={one.closed === null ? 'open' : 'closed'}
    >
      <h2 id="voicemail">{t('calls.voicemail.ofCall')}</h2>
      <p>{one.sound === 'silence' ? t('calls.voicemail.silence') : stateWords(one, t, i18n.language)}</p>
      {one.closed !== null && one.closed.note !== '' && <p>{one.closed.note}</p>}
      {act.error !== null && <p role="alert">{problemText(act.error, t)}</p>}
      {acts && (
        <>
          {one.takenBy === null && (
            <BusyButton
              size="compact-sm"
              loading={act.isPending}
              onClick={() => act.mutate(take)}
              data-action="take-voicemail"
            >
              {t('calls.voicemail.take')}
            </BusyButton>
          )}
          {one.takenBy !== null && (isMine || isSupervisor(me)) && (
            <BusyButton
              size="compact-sm"
              variant="default"
              loading={act.isPending}
              onClick={() => act.mutate(release)}
              data-action="release-voicemail"
            >
              {t('calls.voicemail.release')}
            </BusyButton>
          )}
          <form onSubmit={submit} noValidate>
            <NativeSelect
              label={t('calls.voicemail.result')}
              value={result}
              data={[
                { value: '', label: t('calls.voicemail.choose') },
                ...voicemailResults.map((value) => ({
                  value,
                  label: t(`calls.voicemail.results.${value}`),
                })),
              ]}
              error={lacksResult && t('calls.voicemail.resultFirst')}
              onChange={(event) => {
                const chosen = voicemailResults.find((one) => one === event.currentTarget.value) ?? ''
                setResult(chosen)
                setLacksResult(false)
              }}
              data-field="voicemail-result"
            />
            <Textarea
              label={t('calls.voicemail.note')}
              value={note}
              rows={2}
              maxLength={voicemailNoteMax}
              onChange={(event) => setNote(event.currentTarget.value)}
              data-field="voicemail-note"
            />
            <BusyButton
              type="submit"
              variant="default"
              size="compact-sm"
              loading={act.isPending}
              data-action="close-voicemail"
            >
              {t('calls.voicemail.close')}
            </BusyButton>
          </form>
        </>
      )}
    </section>
  )
}
