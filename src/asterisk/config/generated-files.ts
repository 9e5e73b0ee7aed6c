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
  /** The reload of each file's latest write, while it lasts. */
  readonly #loads = new Map<string, Promise<void>>()
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
    const written = this.#writing.then(() => this.#write(file, text, module))
    // The caller gets the failure; it must not affect the next change.
    this.#writing = written.catch(() => undefined)
    const { loaded } = await written
    await loaded
  }

  async #write(
    file: string,
    text: string,
    module: string,
  ): Promise<{ readonly loaded: Promise<void> | null }> {
    const { etcDir, mayAct } = this.#options
    if (!mayAct()) throw new AmiSilence('Nothing may be written now.')
    const path = join(etcDir, file)
    const mark = this.#markOf(file)
    // The city's own Asterisk may not have the file yet.
    const before = existsSync(path) ? await readFile(path, 'utf8') : ''
    if (before === text) {
      // The reload that is under way reads this very text: another one would be spaced from it.
      const loading = this.#loads.get(file)
      if (loading !== undefined) return { loaded: loading }
      if (!existsSync(mark)) return { loaded: null }
    }
    await writeSecret(mark, '')
    await writeSecret(path, text)
    return { loaded: this.#load(file, module) }
  }

  #load(file: string, module: string): Promise<void> {
    const load: Promise<void> = this.#reloads
      .reload(module)
      // A later write may have missed this reload; its own one removes the mark.
      .then(() => (this.#loads.get(file) === load ? rm(this.#markOf(file), { force: true }) : undefined))
      .finally(() => this.#loads.get(file) === load && this.#loads.delete(file))
    this.#loads.set(file, load)
    return load
  }

  /** Exists while a change may not be loaded yet: if this process dies, the next owner repeats the reload. */
  #markOf(file: string): string {
    return join(this.#options.etcDir, `${file}.unread`)
  }
}
