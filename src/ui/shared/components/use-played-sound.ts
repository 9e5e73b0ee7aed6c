import { useEffect, useState } from 'react'

interface PlayedSound {
  readonly isPlaying: boolean
  /** Null: silence. */
  readonly play: (sound: Blob | null) => void
}

/** Plays one sound at a time; it ends with the component. */
export function usePlayedSound(): PlayedSound {
  const [sound, setSound] = useState<Blob | null>(null)
  useEffect(() => {
    if (sound === null) return undefined
    const url = URL.createObjectURL(sound)
    const audio = new Audio(url)
    audio.addEventListener('ended', () => setSound(null))
    // Stopped before it began.
    audio.play().catch(() => setSound(null))
    return () => {
      audio.pause()
      URL.revokeObjectURL(url)
    }
  }, [sound])
  return { isPlaying: sound !== null, play: setSound }
}
