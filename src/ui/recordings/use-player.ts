/** wavesurfer.js with a waveform measured by the server: no audio is fetched before somebody presses play. */
import { useEffect, useRef, useState, type RefObject } from 'react'
import WaveSurfer from 'wavesurfer.js'
import { refusalOf, type Problem } from '../shared/server/api.ts'

export interface PlayerOptions {
  readonly url: string
  readonly durationMs: number
  readonly peaks: readonly (readonly number[])[]
  /** The colours of this element are read once: remount when the colour scheme changes. */
  readonly box: RefObject<HTMLDivElement | null>
}

export interface PlayerState {
  readonly playing: boolean
  readonly seconds: number
  /** `problem`: the server's error; null when the server sent the file and the browser cannot play it. */
  readonly failed: { readonly problem: Problem | null } | null
}

const colourNames = [
  { wave: '--track-caller', done: '--track-caller-done' },
  { wave: '--track-agent', done: '--track-agent-done' },
] as const
const trackHeight = 56

export function usePlayer({ url, durationMs, peaks, box }: PlayerOptions) {
  const surfer = useRef<WaveSurfer | null>(null)
  const media = useRef<HTMLAudioElement | null>(null)
  const [state, setState] = useState<PlayerState>({ playing: false, seconds: 0, failed: null })

  useEffect(() => {
    if (box.current === null) return undefined
    const element = new Audio()
    // Hearing goes on record, so nothing may be fetched in advance, not even the header of the file.
    element.preload = 'none'
    const style = getComputedStyle(box.current)
    const wave = WaveSurfer.create({
      container: box.current,
      media: element,
      peaks: peaks.map((track) => [...track]),
      duration: durationMs / 1000,
      height: trackHeight,
      barWidth: 2,
      barGap: 1,
      cursorColor: style.getPropertyValue('--text'),
      dragToSeek: true,
      splitChannels: colourNames.slice(0, peaks.length).map(({ wave: colour, done }) => ({
        waveColor: style.getPropertyValue(colour),
        progressColor: style.getPropertyValue(done),
      })),
    })
    const change = (part: Partial<PlayerState>): void => setState((before) => ({ ...before, ...part }))
    wave.on('play', () => change({ playing: true, failed: null }))
    wave.on('pause', () => change({ playing: false }))
    wave.on('finish', () => change({ playing: false }))
    wave.on('timeupdate', (seconds) => change({ seconds }))
    // A media element does not expose the HTTP error, so the server is asked once more with the same opening
    // id.
    wave.on(
      'error',
      () => void refusalOf(url).then((problem) => change({ failed: { problem }, playing: false })),
    )
    surfer.current = wave
    media.current = element
    return () => {
      wave.destroy()
      element.removeAttribute('src')
      surfer.current = null
    }
  }, [box, durationMs, peaks, url])

  async function toggle(): Promise<void> {
    const element = media.current
    if (element !== null && element.getAttribute('src') === null) {
      const from = state.seconds
      element.src = url
      element.currentTime = from
    }
    // A rejected request (no permission, file gone) also raises the element's `error` event, which the screen
    // shows.
    await surfer.current?.playPause().catch(() => setState((before) => ({ ...before, playing: false })))
  }

  return {
    state,
    toggle,
    seek: (seconds: number) => surfer.current?.setTime(Math.max(0, Math.min(durationMs / 1000, seconds))),
    speed: (rate: number) => surfer.current?.setPlaybackRate(rate, true),
  }
}
