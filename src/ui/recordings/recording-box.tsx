import { useComputedColorScheme } from '@mantine/core'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import type { Detail } from '../calls/use-calls.ts'
import { Manifest, unrecordedText } from './manifest.tsx'
import { useMe } from '../shared/server/me.ts'
import { clock } from '../shared/time/time.ts'
import styles from '../calls/calls.module.css'

const Player = lazy(() => import('./player.tsx').then((file) => ({ default: file.Player })))

/** The recording, or the reason why there is none. */
export function RecordingBox({ call }: { readonly call: Detail }) {
  const { t, i18n } = useTranslation()
  const scheme = useComputedColorScheme()
  const { id: me } = useMe()
  const { recording, manifest, waveform } = call
  return (
    <section className={styles['recording']} aria-label={t('calls.player.title')}>
      {recording === 'ready' && manifest !== null ? (
        <>
          <Suspense fallback={<div className={styles['space']} />}>
            <Player
              key={scheme}
              callId={call.id}
              durationMs={manifest.durationMs}
              waveform={waveform}
              silenced={manifest.silenced}
              paused={manifest.paused}
              asides={manifest.asides}
              segments={manifest.segments}
              lost={manifest.lost}
              isMessage={call.voicemail !== null}
            />
          </Suspense>
          {manifest.unrecorded.map((one) => (
            <p key={one.startedAt} className={styles['quiet']} data-unrecorded>
              {unrecordedText(one, (moment) => clock(moment, i18n.language), t)}
            </p>
          ))}
          {hasOwnPartAlone(call, me) && <p className={styles['quiet']}>{t('calls.player.ownPart')}</p>}
          <Manifest manifest={manifest} />
        </>
      ) : (
        <p className={styles['quiet']}>
          {recording === 'ready' ? t('calls.player.notYours') : t(`calls.player.${recording}`)}
        </p>
      )}
    </section>
  )
}

/** An agent who shared the call with others gets the recording of their own legs. */
const hasOwnPartAlone = ({ legs, others, manifest }: Detail, me: string): boolean =>
  [...legs, ...others].some(({ agent }) => agent.id !== me) &&
  manifest?.segments.every(({ agent }) => agent?.id === me) === true
