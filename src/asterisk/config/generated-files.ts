/** Configuration that the application writes; Asterisk reads it anew when it has changed. */
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

  /** One after the other: two changes at once would write over each other's half. */
  rewrite(file: string, text: string, module: string): Promise<void> {
    const done = this.#rewriting.then(() => this.#rewriteNow(file, text, module))
    // Whoever asked hears of the failure; the next one begins anew.
    this.#rewriting = done.catch(() => undefined)
    return done
  }

  async #rewriteNow(file: string, text: string, module: string): Promise<void> {
    if (!this.#mayAct()) throw new AmiSilence('Nothing may be written now.')
    const path = join(this.#etcDir, file)
    // Written and perhaps not yet taken by Asterisk: also the next owner's business, should we die here.
    const mark = `${path}.unread`
    // An Asterisk that others have laid out may lack it.
    const before = existsSync(path) ? await readFile(path, 'utf8') : ''
    if (before === text && !existsSync(mark)) return
    await writeSecret(mark, '')
    await writeSecret(path, text)
    await this.#ami.action({ action: 'Reload', module })
    await rm(mark, { force: true })
  }
}
