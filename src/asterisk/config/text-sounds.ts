/**
 * The sounds of the configuration's texts. A recording that an administrator has published is heard instead of a made one. Until a
 * number's own words have theirs, its callers hear the fixed prompts. A number's menu is heard once its Romanian sounds are there: until
 * then, and if one cannot be made, the number's callers wait in its queue at once; what is missing in another language is heard in
 * Romanian. Of an announcement the sentences without a sound are left out, and a notice without one is not heard yet: the caller goes
 * on hearing music.
 */
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Logger } from 'pino'
import type { Language, SpokenText } from '../../core/configuration/menu.ts'
import { espeakSpeech } from '../speech/espeak.ts'
import type { Speech, Voice } from '../speech/speech.ts'
import {
  keepGiven,
  keepMadeSounds,
  madeIn,
  madeSounds,
  makeFolder,
  placeSound,
  takeMade,
} from './heard-sounds.ts'
import { speak } from './sounds.ts'

export interface TextSoundsOptions {
  /** As `textsDirIn` names it. */
  readonly dir: string
  readonly log: Logger
  /** Called each time when sounds could not be made: their callers hear the fixed prompts, no menu, or no announcement. */
  readonly failed: () => void
  /** Whether a person's recording of it is heard, also where none was made. */
  readonly isRecorded?: (sound: string) => boolean
  /** The machine's voice; default: espeak-ng. */
  readonly speech?: Speech
  /** Writes the speech to the file, and may answer with the voice that speaks in it. */
  readonly make?: (text: SpokenText, path: string, signal: AbortSignal) => Promise<Voice | void>
  /** A sound that takes longer has failed. */
  readonly makeMs?: number
  /** How long after a failure the sounds are tried again. */
  readonly againMs?: number
}

/** In the folder that the application writes for Asterisk. */
export const textsDirIn = (etcDir: string): string => join(etcDir, 'menus')

/** A sound that takes longer has failed: espeak-ng has time left after a Piper that hangs. */
const speechMs = 45_000

/** A text as callers would hear it: WAVE of 8 kHz. */
export async function textSample(
  text: string,
  language: Language,
  speech: Speech = espeakSpeech,
): Promise<Buffer> {
  const dir = await mkdtemp(join(tmpdir(), 'linia-sample-'))
  try {
    const path = join(dir, 'sample.wav')
    await speak(text, path, language, AbortSignal.timeout(speechMs), speech)
    return await readFile(path)
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

export class TextSounds {
  readonly #options: Required<TextSoundsOptions>
  /** Made ones that are known to be there: for these no caller costs a look at a file. */
  readonly #made = new Set<string>()
  /** Those of which the heard copy was compared with its source. */
  readonly #placed = new Set<string>()
  /** One after the other: two versions that are published at once have texts in common. */
  #work: Promise<void> = Promise.resolve()
  #wanted: readonly SpokenText[] = []
  #again: NodeJS.Timeout | undefined
  readonly #ended = new AbortController()

  constructor(options: TextSoundsOptions) {
    const { speech = espeakSpeech } = options
    this.#options = {
      isRecorded: () => false,
      speech,
      make: ({ language, text }, path, signal) => speak(text, path, language, signal, speech),
      makeMs: speechMs,
      againMs: 60_000,
      ...options,
    }
  }

  /** The file counts from the moment it is there, and so does one that an earlier owner has left. */
  has(sound: string): boolean {
    const { dir, isRecorded } = this.#options
    return this.#made.has(sound) || isRecorded(sound) || existsSync(join(dir, `${sound}.wav`))
  }

  /**
   * Makes the sounds that are not there, in this order; one that fails is logged, and tried again until it succeeds or is not wanted any
   * more. A later list takes the place of one that is not done: a notice waits for one sound at most.
   */
  prepare(texts: readonly SpokenText[]): Promise<void> {
    this.#wanted = texts
    clearTimeout(this.#again)
    this.#work = this.#prepareAfter(this.#work, texts)
    return this.#work
  }

  async #prepareAfter(before: Promise<void>, texts: readonly SpokenText[]): Promise<void> {
    await before
    for (const text of texts) {
      if (this.#ended.signal.aborted || texts !== this.#wanted) return
      await this.#prepare(text)
    }
    if (texts !== this.#wanted || texts.every(({ sound }) => this.#placed.has(sound))) return
    // Those with a recording are tried again, too: it may be taken back.
    if (!texts.every(({ sound }) => this.has(sound))) this.#options.failed()
    this.#again = setTimeout(() => void this.prepare(this.#wanted), this.#options.againMs)
  }

  stop(): void {
    this.#ended.abort()
    clearTimeout(this.#again)
  }

  async #prepare(text: SpokenText): Promise<void> {
    const { dir, log, make, makeMs, speech } = this.#options
    const { sound, language } = text
    if (this.#placed.has(sound)) return
    const made = join(madeIn(dir), `${sound}.wav`)
    try {
      await makeFolder(dir)
      await makeFolder(madeIn(dir))
      await keepGiven(dir, sound)
      const { [sound]: voice = '' } = await madeSounds(dir)
      // Of another voice, it is heard until its successor is made.
      if (existsSync(made) && voice === speech.voiceOf(language)) {
        await placeSound(dir, sound)
        this.#made.add(sound)
      } else {
        // An interrupted start leaves no incomplete prompt. After a takeover two nodes may make one at once.
        const half = join(madeIn(dir), `${sound}.${process.pid}.half.wav`)
        const signal = AbortSignal.any([AbortSignal.timeout(makeMs), this.#ended.signal])
        const spoken = await make(text, half, signal)
        await takeMade(dir, sound, half)
        this.#made.add(sound)
        await keepVoice(dir, sound, spoken ?? '')
      }
      this.#placed.add(sound)
    } catch (err) {
      if (this.#ended.signal.aborted) return
      log.warn(
        { err, sound },
        'the sound of a text was not made: callers do not hear it, unless it is recorded',
      )
    }
  }
}

/** Only what espeak-ng has not spoken is listed. Two nodes may share the folder: an entry that is lost costs one sound more at the next start. */
async function keepVoice(dir: string, sound: string, voice: Voice): Promise<void> {
  const { [sound]: before = '', ...others } = await madeSounds(dir)
  if (before === voice) return
  const list = voice === '' ? others : { ...others, [sound]: voice }
  await keepMadeSounds(dir, list)
}
