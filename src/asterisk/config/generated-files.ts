/** Configuration files that the application writes; each change is followed by a reload of its module. */
import { existsSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { AmiSilence, type AmiConnection } from '../ami/ami-connection.ts'
import { writeSecret } from './secret-file.ts'

export class GeneratedFiles {
  readonly #etcDir: string
  readonly #ami: AmiConnection
  readonly #mayAct: () => boolean
  #rewriting: Promise<void> = Promise.resolve()

  constructor(etcDir: string, ami: AmiConnection, mayAct: () => boolean) {
    this.#etcDir = etcDir
    this.#ami = ami
    this.#mayAct = mayAct
  }

  /** One at a time: two concurrent changes would overwrite each other's temporary file. */
  rewrite(file: string, text: string, module: string): Promise<void> {
    const done = this.#rewriting.then(() => this.#rewriteNow(file, text, module))
    // The caller gets the failure; it must not affect the next change.
    this.#rewriting = done.catch(() => undefined)
    return done
  }

  async #rewriteNow(file: string, text: string, module: string): Promise<void> {
    if (!this.#mayAct()) throw new AmiSilence('Nothing may be written now.')
    const path = join(this.#etcDir, file)
    // Exists while a change may not be loaded yet: if this process dies, the next owner repeats the reload.
    const mark = `${path}.unread`
    // The city's own Asterisk may not have the file yet.
    const before = existsSync(path) ? await readFile(path, 'utf8') : ''
    if (before === text && !existsSync(mark)) return
    await writeSecret(mark, '')
    await writeSecret(path, text)
    await this.#ami.action({ action: 'Reload', module })
    await rm(mark, { force: true })
  }
}
