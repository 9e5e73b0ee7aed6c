/**
 * Events that PostgreSQL never accepted, which the writer sets aside in the spool (`refused-<node>.ndjson`) for a person to
 * look at. They hold the caller's number, so they end with the details.
 */
import { appendFile, readdir, readFile, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import type { Millis } from '../../core/ids.ts'
import { unlessMissing } from '../../missing-file.ts'

const ending = '.ending'

export async function endRefusedEvents(spool: string, before: Millis): Promise<void> {
  const names = (await readdir(spool).catch(unlessMissing)) ?? []
  for (const name of names.filter((one) => /^refused-.*\.ndjson(\.ending)?$/.test(one))) {
    const file = path.join(spool, name.replace(/\.ending$/, ''))
    await endLines(file, name.endsWith(ending), before)
  }
}

/** Under another name meanwhile, so that the writer begins a new file and loses no event. */
async function endLines(file: string, interrupted: boolean, before: Millis): Promise<void> {
  const aside = `${file}${ending}`
  if (!interrupted) {
    if (linesOf(await readFile(file, 'utf8')).every((line) => isYoung(line, before))) return
    await rename(file, aside)
  }
  const kept = linesOf(await readFile(aside, 'utf8')).filter((line) => isYoung(line, before))
  if (kept.length > 0)
    await appendFile(file, kept.map((line) => `${line}\n`).join(''), { mode: 0o600, flush: true })
  await rm(aside, { force: true })
}

const linesOf = (text: string): string[] => text.split('\n').filter((line) => line !== '')

/** A line that was cut short has no time: it ends, because nothing proves that it is young. */
function isYoung(line: string, before: Millis): boolean {
  try {
    const { at } = JSON.parse(line) as { at?: unknown }
    return typeof at === 'number' && at >= before
  } catch {
    return false
  }
}
