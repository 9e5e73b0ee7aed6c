/** Samples the sound of a session four times a second until it ends. */
import type { Session } from 'sip.js'
import { foldAudio, sampleAudio } from './audio-stats.ts'
import { mediaOf } from './media.ts'
import { noAudio, type AudioFacts } from './phone-state.ts'

const sampleEveryMs = 250

export function watchAudio(session: Session, onAudio: (audio: AudioFacts) => void): () => void {
  let audio = noAudio
  let previousAt = performance.now()
  let stopped = false
  async function sample(): Promise<void> {
    const media = mediaOf(session)
    if (media === null) return
    const facts = await sampleAudio(media.connection, media.voice())
    if (stopped) return
    const at = performance.now()
    audio = foldAudio(audio, facts, at - previousAt)
    previousAt = at
    onAudio(audio)
  }
  const timer = setInterval(() => {
    // The connection was closed during the sample.
    sample().catch(() => undefined)
  }, sampleEveryMs)
  return () => {
    stopped = true
    clearInterval(timer)
  }
}
