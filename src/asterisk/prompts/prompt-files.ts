/**
 * The fixed prompts of the line and its texts as files of this node: what is published is brought there, and what was made is read from
 * there. A recording of a text that is in no use stays: a call keeps the texts with which it came, and a text may be written again.
 */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Logger } from 'pino'
import {
  isFixedPrompt,
  isMusic,
  isQueueMusic,
  lineMusic,
  promptNamePattern,
  type PromptName,
} from '../../core/prompts/recordable.ts'
import { unlessMissing } from '../../missing-file.ts'
import {
  madeIn,
  madeSounds,
  musicFile,
  ofStudio,
  recordedIn,
  replaceRecorded,
  takeBackQueueMusic,
} from '../config/heard-sounds.ts'

export interface PublishedSound {
  readonly prompt: PromptName
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

export interface PromptFolders {
  /** SOUNDS_DIR. */
  readonly fixed: string
  /** As `textsDirIn` names it: made with the first sound, in a folder that a node with an Asterisk has. */
  readonly texts: string
}

const isName = new RegExp(promptNamePattern, 'u')
const fileEnd = '.wav'

const isOfFixedFolder = (prompt: PromptName): boolean => isFixedPrompt(prompt) || isMusic(prompt)
/** Without its end. The line's music has a folder of its own, all of which Asterisk plays (`asterisk-conf/musiconhold.conf`). */
const fileOf = (prompt: PromptName): string => (prompt === lineMusic ? musicFile : prompt)

export class PromptFiles {
  readonly #folders: PromptFolders
  readonly #log: Logger
  /** By prompt: the digest of the recording as it lies there. Of a folder that this node does not have, none. */
  readonly #placed = new Map<PromptName, string>()
  #reading: Promise<void> | null = null

  constructor(folders: PromptFolders, log: Logger) {
    this.#folders = folders
    this.#log = log
  }

  /** The recordings that an earlier process has brought here: they are heard also while PostgreSQL is away. */
  open(): Promise<void> {
    this.#reading ??= this.#read().catch((error: unknown) => {
      this.#reading = null
      throw error
    })
    return this.#reading
  }

  isRecorded(prompt: PromptName): boolean {
    return this.#placed.has(prompt)
  }

  /**
   * Prompts that are not among `published` have the made sound. Only what differs is loaded and written; one that cannot be, such as in a
   * folder that is not this process's to write, keeps no other from it.
   */
  async apply(published: readonly PublishedSound[]): Promise<void> {
    await this.open()
    const wanted = new Map(published.map((one) => [one.prompt, one]))
    const failures: unknown[] = []
    for (const prompt of new Set([...this.#placed.keys(), ...wanted.keys()]))
      await this.#apply(prompt, wanted.get(prompt)).catch((error: unknown) => failures.push(error))
    if (failures.length > 0) throw failures[0]
  }

  async #apply(prompt: PromptName, one: PublishedSound | undefined): Promise<void> {
    if (!this.#isHere(prompt) || this.#placed.get(prompt) === one?.digest) return
    const sound = one === undefined ? null : await one.load()
    // The next notification is under way.
    if (one !== undefined && sound === null) return
    const folder = this.#folderOf(prompt)
    if (sound === null && isQueueMusic(prompt)) await takeBackQueueMusic(folder, fileOf(prompt))
    else await replaceRecorded(folder, fileOf(prompt), sound)
    if (one === undefined) this.#placed.delete(prompt)
    else this.#placed.set(prompt, one.digest)
    this.#log.info({ prompt, recorded: one !== undefined }, 'callers hear another sound of a prompt')
  }

  /** Null: this node has none. */
  async made(prompt: PromptName): Promise<MadePrompt | null> {
    const folder = this.#folderOf(prompt)
    const sound = await readFile(join(madeIn(folder), `${fileOf(prompt)}${fileEnd}`)).catch(unlessMissing)
    if (sound === undefined) return null
    const isStudio =
      isOfFixedFolder(prompt) && (await madeSounds(folder))[prompt]?.startsWith(ofStudio) === true
    return { source: isStudio ? 'studio' : 'machine', sound }
  }

  #folderOf(prompt: PromptName): string {
    return isOfFixedFolder(prompt) ? this.#folders.fixed : this.#folders.texts
  }

  /** False on a node without an Asterisk's folders. */
  #isHere(prompt: PromptName): boolean {
    const { fixed, texts } = this.#folders
    return existsSync(isOfFixedFolder(prompt) ? fixed : dirname(texts))
  }

  async #read(): Promise<void> {
    for (const folder of Object.values(this.#folders) as readonly string[]) {
      const files = (await readdir(recordedIn(folder)).catch(unlessMissing)) ?? []
      const names = files.flatMap((file) => (file.endsWith(fileEnd) ? [file.slice(0, -fileEnd.length)] : []))
      for (const name of [...names, lineMusic]) {
        if (!isName.test(name) || this.#folderOf(name) !== folder) continue
        const sound = await readFile(join(recordedIn(folder), `${fileOf(name)}${fileEnd}`)).catch(
          unlessMissing,
        )
        if (sound !== undefined) this.#placed.set(name, createHash('sha256').update(sound).digest('hex'))
      }
    }
  }
}
