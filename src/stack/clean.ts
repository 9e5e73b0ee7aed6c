/** `make clean`: removes `var/` and `dist/`; asks first when calls or recordings are in it. */
import { existsSync } from 'node:fs'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { fileURLToPath } from 'node:url'
import { readSettings } from '../config.ts'
import { lockHolder } from './lock.ts'
import { runMain, say, Trouble } from './screen.ts'

const dist = fileURLToPath(new URL('../../dist', import.meta.url))

await runMain(async () => {
  const { paths } = readSettings(process.env)
  if ((await lockHolder(paths.var)) !== null) throw new Trouble('Linia is running. Stop it first: make stop')
  if (await holdsCalls(paths.var, paths.recordings)) {
    const sure = await agreed(`${paths.var} holds calls and recordings. Remove them for good? [y/N] `)
    if (!sure) {
      say('Nothing was removed.')
      return 1
    }
  }
  await rm(paths.var, { recursive: true, force: true })
  await rm(dist, { recursive: true, force: true })
  say(`Removed ${paths.var} and ${dist}.`)
  return 0
})

/** The database is not asked, it does not run: having been started once counts as holding calls. */
async function holdsCalls(varDir: string, recordings: string): Promise<boolean> {
  if (existsSync(join(varDir, 'postgres', 'data', 'PG_VERSION'))) return true
  return existsSync(recordings) && (await readdir(recordings)).length > 0
}

async function agreed(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) throw new Trouble(`${question}\nNobody is here to answer: run it in a terminal.`)
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  const answer = await terminal.question(question)
  terminal.close()
  return /^(y|yes|d|da)$/i.test(answer.trim())
}
