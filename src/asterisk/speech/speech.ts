/** Text to speech: what makes the machine's voice. Its adapters pass one contract (decision 0079). */
import type { Language } from '../../core/configuration/menu.ts'

export interface Spoken {
  /** Of a telephone (`promptRate`), one channel, not levelled yet. */
  readonly samples: Int16Array
  /** The voice that speaks in it. */
  readonly voice: Voice
}

/** Part of the version of a sound: with another voice it is made anew. Empty: espeak-ng. */
export type Voice = string

export interface Speech {
  /** The voice that the language has now. */
  voiceOf(language: Language): Voice
  /**
   * Its programs write beside this path only, and leave nothing there. @throws when one of them is missing, fails, makes no sound, or is
   * ended by the signal.
   */
  speak(text: string, language: Language, beside: string, signal?: AbortSignal): Promise<Spoken>
}
