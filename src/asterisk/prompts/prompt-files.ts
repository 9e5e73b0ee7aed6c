/** The prompts of the line as files of this node: what is published is brought there, and what was made is read from there. */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { recordablePrompts, type RecordablePrompt } from '../../core/prompts/recordable.ts'
import { unlessMissing } from '../../missing-file.ts'
import { madeIn, madeSounds, ofStudio, recordedIn, replaceRecorded } from '../config/heard-sounds.ts'

export interface PublishedSound {
  readonly prompt: RecordablePrompt
  /** SHA-256, hexadecimal. */
  readonly digest: string
  /** Null: it is gone, because another one has been published meanwhile. */
  readonly load: () => Promise<Uint8Array | null>
}

/** Without a publication. */
export interface MadePrompt {
  readonly source: 'machine' | 'studio'
  readonly sound: Buffer
}

export class PromptFiles {
  readonly #dir: string
  readonly #log: Logger
  /** By prompt, as it lies there; null until the folder was read. */
  #placed: Map<RecordablePrompt, string> | null = null

  /** `dir`: SOUNDS_DIR. */
  constructor(dir: string, log: Logger) {
    this.#dir = dir
    this.#log = log
  }

  /** Prompts that are not among `published` have the made sound. Only what differs is loaded and written. */
  async apply(published: readonly PublishedSound[]): Promise<void> {
    // A node without the sounds of an Asterisk.
    if (!existsSync(this.#dir)) return
    this.#placed ??= await this.#read()
    const placed = this.#placed
    const wanted = new Map(published.map((one) => [one.prompt, one]))
    for (const prompt of recordablePrompts) {
      const one = wanted.get(prompt)
      if (placed.get(prompt) === one?.digest) continue
      const sound = one === undefined ? null : await one.load()
      // The next notification is under way.
      if (one !== undefined && sound === null) continue
      await replaceRecorded(this.#dir, prompt, sound)
      if (one === undefined) placed.delete(prompt)
      else placed.set(prompt, one.digest)
      this.#log.info({ prompt, recorded: one !== undefined }, 'callers hear another sound of a prompt')
    }
  }

  /** Null: this node has none. */
  async made(prompt: RecordablePrompt): Promise<MadePrompt | null> {
    const sound = await readFile(join(madeIn(this.#dir), `${prompt}.wav`)).catch(unlessMissing)
    if (sound === undefined) return null
    const isStudio = (await madeSounds(this.#dir))[prompt]?.startsWith(ofStudio) === true
    return { source: isStudio ? 'studio' : 'machine', sound }
  }

  async #read(): Promise<Map<RecordablePrompt, string>> {
    const files = (await readdir(recordedIn(this.#dir)).catch(unlessMissing)) ?? []
    const found = new Map<RecordablePrompt, string>()
    for (const prompt of recordablePrompts.filter((name) => files.includes(`${name}.wav`))) {
      const sound = await readFile(join(recordedIn(this.#dir), `${prompt}.wav`))
      found.set(prompt, createHash('sha256').update(sound).digest('hex'))
    }
    return found
  }
}
