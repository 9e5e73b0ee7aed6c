import { Button, Textarea } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { ariaChord } from '../agent/keys/chords.ts'
import { useKey } from '../agent/keys/use-keys.ts'
import { missingPart } from '../agent/script/use-wrap-up-focus.ts'
import { WrapUpFields } from '../agent/script/wrap-up-fields.tsx'
import { BusyButton } from '../shared/components/busy-button.tsx'
import { unavailable } from '../shared/components/unavailable.ts'
import { WhyNot } from '../shared/components/why-not.tsx'
import { useMe } from '../shared/server/me.ts'
import { problemText } from '../shared/server/problem-text.ts'
import { shortDateTime } from '../shared/time/time.ts'
import { isSame, recorded, saveCorrection, useCorrection } from './corrections.ts'
import type { Detail } from './use-calls.ts'
import { ownWrapUp } from './wrap-up-parts.ts'
import zone from '../agent/script/script-zone.module.css'
import styles from './correct-wrap-up.module.css'

const noteMax = 2_000

interface CorrectWrapUpProps {
  readonly call: Detail
  /** Saved or given up. */
  readonly close: () => void
}

/** Completes or corrects one's own wrap-up form of a call of the last day, and adds a note. */
export function CorrectWrapUp({ call, close }: CorrectWrapUpProps) {
  const { t, i18n } = useTranslation()
  const client = useQueryClient()
  const key = useKey('save')
  const own = { id: call.id, wrapUp: ownWrapUp(call, useMe().id) }
  const { value: typed, change, sent, discard } = useCorrection(own)
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const form = useRef<HTMLFormElement>(null)
  const isChanged = !isSame(typed.form, recorded(own.wrapUp)) || typed.note.trim() !== ''
  useEffect(() => {
    if (form.current === null) return
    const first = missingPart(form.current) ?? form.current.querySelector('input')
    first?.focus()
  }, [])

  async function save(event: FormEvent): Promise<void> {
    event.preventDefault()
    if (busy || !isChanged) return
    setBusy(true)
    try {
      await saveCorrection(own, typed)
      sent()
      await client.invalidateQueries({ queryKey: ['calls'] })
      close()
    } catch (refused) {
      setError(refused)
      // A part may be on record: a retry must not add it twice.
      await client.invalidateQueries({ queryKey: ['calls', 'one', call.id] })
      setBusy(false)
    }
  }

  return (
    <form
      ref={form}
      className={styles['correction']}
      aria-label={t('calls.correction.title')}
      onSubmit={(event) => void save(event)}
      data-saves-itself
      data-correction={call.id}
    >
      <WrapUpFields
        form={typed.form}
        change={(part) => change({ ...typed, form: { ...typed.form, ...part } })}
        queue={call.queue}
        kept={own.wrapUp}
      />
      <Textarea
        label={t('calls.correction.note')}
        value={typed.note}
        rows={2}
        maxLength={noteMax}
        onChange={(event) => change({ ...typed, note: event.currentTarget.value })}
        classNames={{ label: zone['label'] }}
        data-note
      />
      <div className={styles['end']}>
        <WhyNot reason={isChanged ? null : t('calls.correction.unchanged')}>
          <BusyButton
            type="submit"
            {...unavailable(!isChanged)}
            loading={busy}
            aria-keyshortcuts={ariaChord(key)}
            rightSection={<kbd className={zone['key']}>{key}</kbd>}
            data-action="save-correction"
          >
            {t('calls.correction.save')}
          </BusyButton>
        </WhyNot>
        <Button
          variant="default"
          onClick={() => {
            discard()
            close()
          }}
          data-action="drop-correction"
        >
          {t('calls.correction.giveUp')}
        </Button>
      </div>
      <p className={styles['until']} role={error === null ? undefined : 'alert'} data-failed={error !== null}>
        {error !== null
          ? problemText(error, t)
          : call.correctableUntil !== null &&
            t('calls.correction.until', { time: shortDateTime(call.correctableUntil, i18n.language) })}
      </p>
    </form>
  )
}
