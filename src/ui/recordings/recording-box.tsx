import { useComputedColorScheme } from '@mantine/core'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import type { Detail } from '../calls/use-calls.ts'
import { Manifest } from './manifest.tsx'
import { useMe } from '../shared/server/me.ts'
import styles from '../calls/calls.module.css'

const Player = lazy(() => import('./player.tsx').then((file) => ({ default: file.Player })))

/** The recording, or the reason why there is none. */
export function RecordingBox({ call }: { readonly call: Detail }) {
  const { t } = useTranslation()
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
              segments={manifest.segments}
              lost={manifest.lost}
            />
          </Suspense>
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
