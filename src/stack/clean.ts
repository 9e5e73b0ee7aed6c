/** `make clean`: removes `var/` and `dist/`; asks first when calls or recordings are in it. */
import { existsSync, statSync } from 'node:fs'
import { readdir, rm } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { fileURLToPath } from 'node:url'
import { readSettings } from '../config.ts'
import { unlessMissing } from '../missing-file.ts'
import type { Paths } from '../config.ts'
import { lockHolder } from './lock.ts'
import { runMain, say, UserError } from './terminal.ts'

const checkout = fileURLToPath(new URL('../../', import.meta.url))
const dist = join(checkout, 'dist')

await runMain(async () => {
  const { paths } = readSettings(process.env)
  if ((await lockHolder(paths.var)) !== null)
    throw new UserError('Linia is running. Stop it first: make stop')
  return orSayWhose(paths.var, async () => {
    const holds = await holdsCalls(paths)
    if (!holds) await refuseForeign(paths)
    if (holds) {
      const sure = await agreed(`${paths.var} holds calls or recordings. Remove them for good? [y/N] `)
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
})

/** A mistaken VAR_DIR must not remove somebody's files. @throws {UserError} */
async function refuseForeign({ var: folder, secrets }: Paths): Promise<void> {
  // The default folder also holds what `make test`, `make bench` and `make chaos` write, without a run of Linia.
  if (folder === join(checkout, 'var')) return
  if (checkout.startsWith(join(folder, sep)))
    throw new UserError(`${folder} (VAR_DIR) contains this checkout.`)
  const names = (await readdir(folder).catch(unlessMissing)) ?? []
  const isLinias = existsSync(secrets) || names.includes('run') || names.length === 0
  if (!isLinias) throw new UserError(`${folder} (VAR_DIR) has other files than Linia’s; remove it yourself.`)
}

/**
 * The database is not running and cannot be queried, so one that was ever started counts as holding calls. With a given
 * database the spool may hold unacknowledged events, and CEL calls that the database lacks.
 */
async function holdsCalls({ var: folder, recordings, spool, cel }: Paths): Promise<boolean> {
  if (existsSync(join(folder, 'postgres', 'data', 'PG_VERSION'))) return true
  // Folders outside `var/` are not removed.
  const removed = (path: string) => path.startsWith(folder + sep) && existsSync(path)
  if (removed(cel) && statSync(cel).size > 0) return true
  for (const kept of [recordings, spool]) if (removed(kept) && (await readdir(kept)).length > 0) return true
  return false
}

/** After a start by root the folder belongs to the user `linia`. */
async function orSayWhose(folder: string, work: () => Promise<number>): Promise<number> {
  try {
    return await work()
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code !== 'EACCES' && code !== 'EPERM') throw error
    throw new UserError(`This user may not remove ${folder}. Use: sudo make clean`, { cause: error })
  }
}

async function agreed(question: string): Promise<boolean> {
  if (!process.stdin.isTTY)
    throw new UserError(`${question}\nNobody is here to answer: run it in a terminal.`)
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  const answer = await terminal.question(question)
  terminal.close()
  return /^(y|yes|d|da)$/i.test(answer.trim())
}
