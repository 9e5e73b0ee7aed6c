import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { RecordingManifest } from '../../http/recordings/wire.ts'
import { clockWithMs, duration, numeral } from '../shared/time/time.ts'
import styles from '../calls/calls.module.css'

/** The evidence that the file is complete: length, checksum, and every gap with its reason. */
export function Manifest({ manifest }: { readonly manifest: RecordingManifest }) {
  const { t, i18n } = useTranslation()
  const kilobytes = numeral(Math.round(manifest.bytes / 1024), i18n.language)
  const at = (moment: string): string => clockWithMs(moment, i18n.language)
  return (
    <details className={styles['manifest']}>
      <summary>{t('calls.player.manifest')}</summary>
      <dl className={styles['facts']}>
        <dt>{t('calls.player.length')}</dt>
        <dd>{duration(manifest.durationMs)}</dd>
        <dt>{t('calls.player.size')}</dt>
        <dd>{kilobytes} KB</dd>
        <dt>{t('calls.player.checksum')}</dt>
        <dd className={styles['checksum']}>
          {manifest.segments.map((segment) => (
            <span key={segment.leg} className={styles['span']} data-segment>
              {segmentText(segment, manifest.segments.length > 1, t)}
            </span>
          ))}
        </dd>
        <dt>{t('calls.player.spans')}</dt>
        <dd>
          {manifest.spans.map((span) => (
            <span key={span.offsetMs} className={styles['span']}>
              {at(span.startedAt)} ({duration(span.durationMs)})
            </span>
          ))}
        </dd>
        <dt>{t('calls.player.gaps')}</dt>
        <dd>
          {manifest.gaps.length + manifest.unrecorded.length + manifest.lost.length === 0 &&
            t('calls.player.noGaps')}
          {manifest.gaps.map((gap) => (
            <span key={gap.startedAt} className={styles['span']}>
              {t('calls.player.gap', {
                from: at(gap.startedAt),
                to: at(gap.endedAt),
                why: gapText(gap.why, t),
              })}
            </span>
          ))}
          {manifest.unrecorded.map((one) => (
            <span key={one.startedAt} className={styles['span']} data-unrecorded>
              {unrecordedText(one, at, t)}
            </span>
          ))}
          {manifest.lost.map(({ leg, agent, why }) => (
            <span key={leg} className={styles['span']} data-lost>
              {t('calls.player.lost', {
                who: agent?.name ?? t('calls.player.unknownAgent'),
                why: gapText(why, t),
              })}
            </span>
          ))}
        </dd>
      </dl>
    </details>
  )
}

/** From when to when nothing was recorded, and why. */
export function unrecordedText(
  { startedAt, endedAt, contact }: RecordingManifest['unrecorded'][number],
  at: (moment: string) => string,
  t: TFunction,
): string {
  const { name } = contact
  return endedAt === null
    ? t('calls.player.unrecordedFrom', { from: at(startedAt), name })
    : t('calls.player.unrecorded', { from: at(startedAt), to: at(endedAt), name })
}

/** A file's agent where there are several, what it lacks of the conversation, and its checksum. */
function segmentText(
  segment: RecordingManifest['segments'][number],
  isOneOfMany: boolean,
  t: TFunction,
): string {
  const { offsetMs, agent, heldMs, skippedMs, tracks, sha256 } = segment
  return [
    ...(isOneOfMany ? [duration(offsetMs), agent?.name ?? t('calls.player.unknownAgent')] : []),
    ...(heldMs > 0 ? [t('calls.player.held', { time: duration(heldMs) })] : []),
    ...(skippedMs > 0 ? [t('calls.player.heardOnce', { time: duration(skippedMs) })] : []),
    ...(tracks.length === 1 ? [t(`calls.player.only.${tracks[0] ?? 'caller'}`)] : []),
    sha256,
  ].join(' · ')
}

/** The reasons as stored in the ledger. A reason that this page does not know is shown as it is. */
const gapReasons = {
  'the file is shorter than the conversation': 'shorter',
  'the file was not closed': 'unclosed',
  'there are no files': 'noFiles',
  'the files hold no audio': 'noAudio',
  'the files cannot be read': 'unreadable',
  'the file cannot be read': 'unreadable',
} as const

export function gapText(why: string, t: TFunction): string {
  const known = Object.entries(gapReasons).find(([reason]) => reason === why)?.[1]
  return known === undefined ? why : t(`calls.player.gapWhy.${known}`)
}
