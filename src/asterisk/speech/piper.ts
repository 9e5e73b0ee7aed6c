/**
 * Speech by Piper (https://github.com/OHF-Voice/piper1-gpl), where the city has installed it: a folder has a voice for each language,
 * `ro.onnx` beside `ro.onnx.json`.
 */
import { execFile } from 'node:child_process'
import { statSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Logger } from 'pino'
import { languages, type Language } from '../../core/configuration/menu.ts'
import { parseWave, peakDb } from '../../core/prompts/wave.ts'
import { espeakSpeech } from './espeak.ts'
import type { Speech, Spoken, Voice } from './speech.ts'
import { telephoneSamples } from './telephone.ts'

const run = promisify(execFile)

/** The loading of a voice takes a second or two, and a text of 40 seconds some more. */
const piperMs = 30_000
/** Piper's own voices have a peak near full scale. */
const silentDb = -50

export class PiperSpeech implements Speech {
  readonly #folder: string
  readonly #program: string
  /** As they are at the start: a voice that is exchanged later would be heard beside the old one. */
  readonly #voices: ReadonlyMap<Language, Voice>

  constructor(folder: string, program = 'piper') {
    this.#folder = folder
    this.#program = program
    this.#voices = new Map(
      languages.flatMap((language) => {
        const voice = voiceIn(modelOf(folder, language))
        return voice === null ? [] : [[language, voice] as const]
      }),
    )
  }

  has(language: Language): boolean {
    return this.#voices.has(language)
  }

  voiceOf(language: Language): Voice {
    const voice = this.#voices.get(language)
    if (voice === undefined) throw new Error(`${this.#folder} has no voice for ${language}`)
    return voice
  }

  async speak(text: string, language: Language, beside: string, signal?: AbortSignal): Promise<Spoken> {
    const voice = this.voiceOf(language)
    const raw = `${beside}.piper.wav`
    try {
      const args = ['--model', modelOf(this.#folder, language), '--output_file', raw]
      // It takes every core, which calls need more.
      const running = run('nice', ['-n', '19', this.#program, ...args], { signal, killSignal: 'SIGKILL' })
      // A program that is not there takes no text; the promise says so.
      running.child.stdin?.on('error', () => undefined)
      // Each line would be a sound of its own, and the last one be kept.
      running.child.stdin?.end(`${text.replaceAll(/\s+/g, ' ').trim()}\n`)
      await running
      const made = parseWave(await readFile(raw))
      if (made === null || peakDb(made.samples) < silentDb) throw new Error('piper has made no sound')
      return { samples: await telephoneSamples(raw, signal), voice }
    } finally {
      await rm(raw, { force: true })
    }
  }
}

const modelOf = (folder: string, language: Language): string => join(folder, `${language}.onnx`)

/** Null: the language has none, or none that may be read, which `linia doctor` tells. */
function voiceIn(model: string): Voice | null {
  try {
    const [sound, settings] = [statSync(model), statSync(`${model}.json`)]
    return sound.isFile() && settings.isFile() ? `piper ${sound.size} ${Math.round(sound.mtimeMs)}` : null
  } catch {
    return null
  }
}

/**
 * Piper where it has a voice, else espeak-ng. A language at which Piper has failed is espeak-ng's until the next start: two voices
 * by turns are worse than one, and a program that hangs delays one sound alone.
 */
export class PreferredSpeech implements Speech {
  readonly #piper: PiperSpeech
  readonly #failed: (language: Language, error: unknown) => void
  readonly #boundMs: number
  readonly #refused = new Set<Language>()

  /** `failed`: called once for each language. */
  constructor(
    piper: PiperSpeech,
    failed: (language: Language, error: unknown) => void,
    boundMs: number = piperMs,
  ) {
    this.#piper = piper
    this.#failed = failed
    this.#boundMs = boundMs
  }

  voiceOf(language: Language): Voice {
    return this.#isPiper(language) ? this.#piper.voiceOf(language) : espeakSpeech.voiceOf(language)
  }

  async speak(text: string, language: Language, beside: string, signal?: AbortSignal): Promise<Spoken> {
    if (this.#isPiper(language)) {
      const bound = AbortSignal.timeout(this.#boundMs)
      const either = signal === undefined ? bound : AbortSignal.any([bound, signal])
      try {
        return await this.#piper.speak(text, language, beside, either)
      } catch (error) {
        // The text is not wanted any more: no fault of Piper's.
        if (signal?.aborted === true) throw error
        if (!this.#refused.has(language)) this.#failed(language, error)
        this.#refused.add(language)
      }
    }
    return espeakSpeech.speak(text, language, beside, signal)
  }

  #isPiper(language: Language): boolean {
    return this.#piper.has(language) && !this.#refused.has(language)
  }
}

/** The machine's voice by the setting `PIPER_VOICES`; null: espeak-ng. */
export function speechBy(
  folder: string | null,
  failed: (language: Language, error: unknown) => void,
): Speech {
  return folder === null ? espeakSpeech : new PreferredSpeech(new PiperSpeech(folder), failed)
}

/** The same for a process with a log. */
export const loggedSpeech = (folder: string | null, log: Logger): Speech =>
  speechBy(folder, (language, err) =>
    log.warn({ err, language }, 'Piper does not speak: espeak-ng does until the next start'),
  )
