/**
 * Events that PostgreSQL never accepted, which the writer sets aside in the spool (`refused-<node>.ndjson`) for a person to
 * look at. They hold the caller's number, so they end with the details.
 */
import { appendFile, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import type { Millis } from '../../core/ids.ts'
import { unlessMissing } from '../../missing-file.ts'

const ending = '.ending'

export async function endRefusedEvents(spool: string, before: Millis): Promise<void> {
  const names = (await readdir(spool).catch(unlessMissing)) ?? []
  const found = names.filter((one) => /^refused-.*\.ndjson(\.ending)?$/.test(one))
  // Files that an interrupted run has put aside come first: a second one put aside would replace them.
  for (const name of found.toSorted((a, b) => Number(b.endsWith(ending)) - Number(a.endsWith(ending)))) {
    const file = path.join(spool, name.replace(/\.ending$/, ''))
    await endLines(file, name.endsWith(ending), before)
  }
}

/** Under another name meanwhile, so that the writer begins a new file and loses no event. */
async function endLines(file: string, interrupted: boolean, before: Millis): Promise<void> {
  const aside = `${file}${ending}`
  if (!interrupted) {
    if ((await linesOf(file, before)).every(({ young }) => young)) return
    await rename(file, aside)
  }
  const kept = (await linesOf(aside, before)).flatMap(({ line, young }) => (young ? [line] : []))
  if (kept.length > 0)
    await appendFile(file, kept.map((line) => `${line}\n`).join(''), { mode: 0o600, flush: true })
  await rm(aside, { force: true })
}

async function linesOf(file: string, before: Millis): Promise<{ line: string; young: boolean }[]> {
  const { mtimeMs } = await stat(file)
  const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '')
  // A line that was cut short has no time. It is not younger than the file.
  return lines.map((line) => ({ line, young: (timeOf(line) ?? mtimeMs) >= before }))
}

function timeOf(line: string): Millis | null {
  try {
    const { at } = JSON.parse(line) as { at?: unknown }
    return typeof at === 'number' ? at : null
  } catch {
    return null
  }
}
