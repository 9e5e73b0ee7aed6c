import { Button } from '@mantine/core'
import type { CSSProperties } from 'react'
import { useTranslation } from 'react-i18next'
import type { RecordingManifest } from '../../http/recordings/wire.ts'
import { Icon } from '../shared/components/icon.tsx'
import { duration } from '../shared/time/time.ts'
import { gapText } from './manifest.tsx'
import styles from './player.module.css'

type Segments = RecordingManifest['segments']

/** Without those of which nothing is new beside the others. */
const played = (segments: Segments): Segments => segments.filter(({ durationMs }) => durationMs > 0)

/** Where the next agent's part begins on the waveform. */
export function SegmentMarks({
  segments,
  durationMs,
}: {
  readonly segments: Segments
  readonly durationMs: number
}) {
  return played(segments)
    .slice(1)
    .map(({ offsetMs }) => {
      const place: CSSProperties = { left: `${(100 * offsetMs) / durationMs}%` }
      return <div key={offsetMs} className={styles['border']} style={place} data-border />
    })
}

/** The agents of a call that had several, each a button to the beginning of their part. */
export function SegmentStarts({
  segments,
  seek,
}: {
  readonly segments: Segments
  readonly seek: (offsetMs: number) => void
}) {
  const { t } = useTranslation()
  const parts = played(segments)
  if (parts.length < 2) return null
  return (
    <div className={styles['under']}>
      <span>{t('calls.player.segments')}</span>
      {parts.map(({ offsetMs, agent, role }) => (
        <Button
          key={offsetMs}
          size="compact-sm"
          variant="default"
          onClick={() => seek(offsetMs)}
          data-action="segment"
        >
          {agent?.name ?? t('calls.player.unknownAgent')}
          {role === 'consulted' && ` (${t('calls.player.consulted')})`} · {duration(offsetMs)}
        </Button>
      ))}
    </div>
  )
}

/** The parts that cannot be heard, whoever's they are. */
export function MissingParts({ lost }: { readonly lost: RecordingManifest['lost'] }) {
  const { t } = useTranslation()
  return lost.map(({ leg, agent, why }) => (
    <p key={leg} className={styles['missing']} data-missing-part>
      <Icon name="warning" size={16} />
      {t('calls.player.missing', {
        who: agent?.name ?? t('calls.player.unknownAgent'),
        why: gapText(why, t),
      })}
    </p>
  ))
}
