import { Button, TextInput } from '@mantine/core'
import { useState, type CSSProperties, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { RecordingManifest } from '../../http/recordings/wire.ts'
import { api } from '../shared/server/api.ts'
import { isAuditor, useMe } from '../shared/server/me.ts'
import { problemText } from '../shared/server/problem-text.ts'
import { randomName } from '../shared/random-name.ts'
import { duration } from '../shared/time/time.ts'
import styles from './player.module.css'

type Silences = RecordingManifest['silenced']
type Pauses = RecordingManifest['paused']

/** Marks on the waveform where nothing is heard on purpose: an identity check, or a pause of the recording. */
export function SilenceMarks({
  silenced,
  durationMs,
}: {
  readonly silenced: readonly Pick<Silences[number], 'offsetMs' | 'durationMs'>[]
  readonly durationMs: number
}) {
  return silenced.map((one) => (
    <div key={one.offsetMs} className={styles['silence']} style={placeOf(one, durationMs)} data-silence />
  ))
}

const placeOf = ({ offsetMs, durationMs: lasts }: Silences[number], durationMs: number): CSSProperties => ({
  left: `${(100 * offsetMs) / durationMs}%`,
  width: `${(100 * lasts) / durationMs}%`,
})

const stretchText = ({ offsetMs, durationMs }: Silences[number]): string =>
  `${duration(offsetMs)}–${duration(offsetMs + durationMs)}`

/** Where the recording is silent because the agent paused it, and why. */
export function PauseNotes({ paused }: { readonly paused: Pauses }) {
  const { t } = useTranslation()
  return paused.map((pause) => (
    <p key={pause.offsetMs} className={styles['quiet']} data-paused>
      {t('calls.player.paused', { where: stretchText(pause), why: t(`calls.pauseReason.${pause.reason}`) })}
    </p>
  ))
}

/** Where an agent talks with somebody aside, and the caller does not hear it. */
export function AsideNotes({ asides }: { readonly asides: RecordingManifest['asides'] }) {
  const { t } = useTranslation()
  return asides.map((aside) => (
    <p key={aside.offsetMs} className={styles['quiet']} data-aside>
      {t('calls.player.aside', { where: stretchText(aside), name: aside.with.name })}
    </p>
  ))
}

/** Marks on the waveform of the talks aside. */
export function AsideMarks({
  asides,
  durationMs,
}: {
  readonly asides: RecordingManifest['asides']
  readonly durationMs: number
}) {
  return asides.map((aside) => (
    <div
      key={aside.offsetMs}
      className={styles['aside']}
      style={placeOf(aside, durationMs)}
      data-aside-mark
    />
  ))
}

interface SilenceNoteProps {
  readonly callId: string
  readonly silenced: Silences
  /** True once a reason is on record and the unsilenced recording is played. */
  readonly whole: boolean
  /** Called with the opening id under which the recording is played from now on. */
  readonly hearWhole: (opening: string) => void
}

/** Explains the silenced parts; an auditor can give a reason and hear the whole recording. */
export function SilenceNote({ callId, silenced, whole, hearWhole }: SilenceNoteProps) {
  const { t } = useTranslation()
  const me = useMe()
  const [asking, setAsking] = useState(false)
  const where = silenced.map(stretchText).join(', ')
  if (silenced.length === 0) return null
  return (
    <div className={styles['silenced']}>
      <p>{t(whole ? 'calls.player.whole' : 'calls.player.silenced', { where })}</p>
      {isAuditor(me) && !whole && !asking && (
        <Button size="compact-sm" variant="default" onClick={() => setAsking(true)} data-action="hear-whole">
          {t('calls.player.hearWhole')}
        </Button>
      )}
      {asking && !whole && <ReasonForm callId={callId} hearWhole={hearWhole} />}
    </div>
  )
}

function ReasonForm({ callId, hearWhole }: Pick<SilenceNoteProps, 'callId' | 'hearWhole'>) {
  const { t } = useTranslation()
  const [reason, setReason] = useState('')
  const [problem, setProblem] = useState<unknown>(null)

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault()
    const opening = randomName()
    try {
      await api('POST', `/calls/${encodeURIComponent(callId)}/recording/hearings`, {
        opening,
        reason: reason.trim(),
      })
      hearWhole(opening)
    } catch (refused) {
      setProblem(refused)
    }
  }

  return (
    <form onSubmit={(event) => void submit(event)} className={styles['reason']}>
      <TextInput
        size="xs"
        w={360}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        aria-label={t('calls.player.reason')}
        placeholder={t('calls.player.reason')}
        maxLength={500}
      />
      <Button size="compact-sm" type="submit" disabled={reason.trim().length < 3} data-action="give-reason">
        {t('calls.player.hear')}
      </Button>
      <output className={styles['breach']}>{problem !== null && problemText(problem, t)}</output>
    </form>
  )
}
