import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { RecordingManifest } from '../../http/recordings/wire.ts'
import { clockWithMs, duration, numeral } from '../shared/time/time.ts'
import styles from './calls.module.css'

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
        <dd className={styles['checksum']}>{manifest.sha256}</dd>
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
          {manifest.gaps.length === 0
            ? t('calls.player.noGaps')
            : manifest.gaps.map((gap) => (
                <span key={gap.startedAt} className={styles['span']}>
                  {t('calls.player.gap', {
                    from: at(gap.startedAt),
                    to: at(gap.endedAt),
                    why: gapText(gap.why, t),
                  })}
                </span>
              ))}
        </dd>
      </dl>
    </details>
  )
}

/** The reasons as stored in the ledger. A reason that this page does not know is shown as it is. */
const gapReasons = {
  'the file is shorter than the conversation': 'shorter',
  'the file was not closed': 'unclosed',
} as const

function gapText(why: string, t: TFunction): string {
  const known = Object.entries(gapReasons).find(([reason]) => reason === why)?.[1]
  return known === undefined ? why : t(`calls.player.gapWhy.${known}`)
}
