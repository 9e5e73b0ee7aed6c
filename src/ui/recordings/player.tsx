import { ActionIcon, Button } from '@mantine/core'
import { useMemo, useRef, useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { RecordingManifest } from '../../http/recordings/wire.ts'
import type { Detail } from '../calls/use-calls.ts'
import { Icon } from '../shared/components/icon.tsx'
import { duration, numeral } from '../shared/time/time.ts'
import { problemText } from '../shared/server/problem-text.ts'
import { randomName } from '../shared/random-name.ts'
import { MissingParts, SegmentMarks, SegmentStarts } from './segments.tsx'
import { AsideMarks, AsideNotes, PauseNotes, SilenceMarks, SilenceNote } from './silenced.tsx'
import { usePlayer } from './use-player.ts'
import styles from './player.module.css'

const speeds = [0.75, 1, 1.25, 1.5, 2] as const
const skipSeconds = 5

interface PlayerProps {
  readonly callId: string
  readonly durationMs: number
  readonly waveform: Detail['waveform']
  readonly silenced: RecordingManifest['silenced']
  readonly paused: RecordingManifest['paused']
  readonly asides: RecordingManifest['asides']
  /** One for each agent's part, in order. */
  readonly segments: RecordingManifest['segments']
  readonly lost: RecordingManifest['lost']
  /** Left by the caller alone. */
  readonly isMessage: boolean
}

/**
 * Two tracks, the caller's above the agent's; of a message the caller's alone. The position is a slider, so that every function works by
 * keyboard.
 */
export function Player({
  callId,
  durationMs,
  waveform,
  silenced,
  paused,
  asides,
  segments,
  lost,
  isMessage,
}: PlayerProps) {
  const { t, i18n } = useTranslation()
  const box = useRef<HTMLDivElement>(null)
  const [speed, setSpeed] = useState(1)
  // The server records all requests with one opening id as one hearing.
  const [ordinary] = useState(randomName)
  const [wholeOpening, setWholeOpening] = useState<string | null>(null)
  const opening = wholeOpening ?? ordinary
  const peaks = useMemo(() => {
    const { caller, agent } = waveform ?? { caller: [0], agent: [0] }
    return [shares(caller), ...(isMessage ? [] : [shares(agent)])]
  }, [waveform, isMessage])
  const url = `/api/calls/${encodeURIComponent(callId)}/recording?opening=${opening}`
  const player = usePlayer({ url, durationMs, peaks, box })
  const { playing, seconds, failed } = player.state
  const position = `${duration(seconds * 1000)} / ${duration(durationMs)}`

  function change(rate: number | undefined): void {
    if (rate === undefined) return
    setSpeed(rate)
    player.speed(rate)
  }

  function press(event: KeyboardEvent): void {
    const at = speeds.findIndex((rate) => rate === speed)
    const act = {
      ' ': () => void player.toggle(),
      ArrowLeft: () => player.seek(seconds - skipSeconds),
      ArrowRight: () => player.seek(seconds + skipSeconds),
      ArrowUp: () => change(speeds[at + 1]),
      ArrowDown: () => change(speeds[at - 1]),
    }[event.key]
    if (act === undefined || event.ctrlKey || event.altKey) return
    event.preventDefault()
    act()
  }

  return (
    <>
      <div className={styles['player']}>
        <ActionIcon
          size={44}
          variant="filled"
          onClick={() => void player.toggle()}
          aria-label={playing ? t('calls.player.pause') : t('calls.player.play')}
          data-action="play"
        >
          <Icon name={playing ? 'paused' : 'play'} size={22} />
        </ActionIcon>
        <div className={styles['labels']}>
          <span data-track="caller">{t('calls.player.caller')}</span>
          {!isMessage && <span data-track="agent">{t('calls.player.agent')}</span>}
        </div>
        <div className={styles['waves']}>
          <div className={styles['tracks']}>
            <div ref={box} aria-hidden="true" />
            <SegmentMarks segments={segments} durationMs={durationMs} />
            <AsideMarks asides={asides} durationMs={durationMs} />
            <SilenceMarks silenced={paused} durationMs={durationMs} />
            {wholeOpening === null && <SilenceMarks silenced={silenced} durationMs={durationMs} />}
          </div>
          <input
            type="range"
            min={0}
            max={durationMs / 1000}
            step="any"
            value={seconds}
            aria-label={t('calls.player.position')}
            aria-valuetext={position}
            onChange={(event) => player.seek(event.currentTarget.valueAsNumber)}
            onKeyDown={press}
          />
        </div>
      </div>
      <div className={styles['under']}>
        <span className={styles['position']}>{position}</span>
        <Button size="compact-sm" variant="default" onClick={() => player.seek(seconds - skipSeconds)}>
          {t('calls.player.back')}
        </Button>
        <Button size="compact-sm" variant="default" onClick={() => player.seek(seconds + skipSeconds)}>
          {t('calls.player.forward')}
        </Button>
        <span>{t('calls.player.speed')}</span>
        {speeds.map((rate) => (
          <Button
            key={rate}
            size="compact-sm"
            variant={rate === speed ? 'filled' : 'default'}
            aria-pressed={rate === speed}
            onClick={() => change(rate)}
          >
            {numeral(rate, i18n.language)}×
          </Button>
        ))}
        <span className={styles['keys']}>{t('calls.player.keys')}</span>
      </div>
      <SegmentStarts segments={segments} seek={(offsetMs) => player.seek(offsetMs / 1000)} />
      <MissingParts lost={lost} />
      <p className={styles['quiet']}>{t('calls.player.onRecord')}</p>
      <AsideNotes asides={asides} />
      <PauseNotes paused={paused} />
      <SilenceNote
        callId={callId}
        silenced={silenced}
        whole={wholeOpening !== null}
        hearWhole={setWholeOpening}
      />
      <output className={styles['breach']}>
        {failed !== null &&
          t('calls.player.failed', {
            why: failed.problem === null ? t('calls.player.unplayable') : problemText(failed.problem, t),
          })}
      </output>
    </>
  )
}

const shares = (levels: readonly number[]): number[] => levels.map((level) => level / 100)
