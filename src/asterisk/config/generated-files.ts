/** Configuration files that the application writes; each change is followed by a reload of its module. */
import { existsSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { AmiSilence } from '../ami/ami-connection.ts'
import { SpacedReloads } from './spaced-reloads.ts'
import { writeSecret } from './secret-file.ts'

export interface GeneratedFilesOptions {
  readonly etcDir: string
  readonly reload: (module: string) => Promise<unknown>
  readonly mayAct: () => boolean
}

export class GeneratedFiles {
  readonly #options: GeneratedFilesOptions
  readonly #reloads: SpacedReloads
  /** How often each file was written. */
  readonly #writes = new Map<string, number>()
  #writing: Promise<unknown> = Promise.resolve()

  constructor(options: GeneratedFilesOptions) {
    this.#options = options
    this.#reloads = new SpacedReloads(options.reload)
  }

  /** Nothing waits for an earlier reload: after a new connection, or before the end. */
  hurry(): void {
    this.#reloads.hurry()
  }

  /** Resolves when the module has read the file. Reloads of `res_pjsip.so` are spaced (`spaced-reloads.ts`). */
  async rewrite(file: string, text: string, module: string): Promise<void> {
    // One at a time: two concurrent changes would overwrite each other's temporary file.
    const written = this.#writing.then(() => this.#write(file, text))
    // The caller gets the failure; it must not affect the next change.
    this.#writing = written.catch(() => undefined)
    const write = await written
    if (write === null) return
    await this.#reloads.reload(module)
    // A later write may have missed this reload; its own one removes the mark.
    if (this.#writes.get(file) === write) await rm(this.#markOf(file), { force: true })
  }

  /** The number of the write; null: the module has read this text. */
  async #write(file: string, text: string): Promise<number | null> {
    const { etcDir, mayAct } = this.#options
    if (!mayAct()) throw new AmiSilence('Nothing may be written now.')
    const path = join(etcDir, file)
    const mark = this.#markOf(file)
    // The city's own Asterisk may not have the file yet.
    const before = existsSync(path) ? await readFile(path, 'utf8') : ''
    if (before === text && !existsSync(mark)) return null
    await writeSecret(mark, '')
    await writeSecret(path, text)
    const write = (this.#writes.get(file) ?? 0) + 1
    this.#writes.set(file, write)
    return write
  }

  /** Exists while a change may not be loaded yet: if this process dies, the next owner repeats the reload. */
  #markOf(file: string): string {
    return join(this.#options.etcDir, `${file}.unread`)
  }
}
