/** What each test file took, kept from run to run below `var/test`. */
import { readFile, writeFile } from 'node:fs/promises'

export interface Duration {
  readonly seconds: number
  /** Seconds of processor, with its children's. The rest of its time the file waited, or stood in line for the processor. */
  readonly processorS: number
}

export async function readDurations(file: string): Promise<Map<string, Duration>> {
  const text = await readFile(file, 'utf8').catch(() => '')
  const rows = text
    .split('\n')
    .map((line) => line.split('\t'))
    .map(([name = '', seconds, processorS]) => {
      const took: Duration = { seconds: Number(seconds), processorS: Number(processorS) }
      return [name, took] as const
    })
  return new Map(
    rows.filter(
      ([name, { seconds, processorS }]) =>
        name !== '' && Number.isFinite(seconds) && Number.isFinite(processorS),
    ),
  )
}

export async function writeDurations(file: string, took: ReadonlyMap<string, Duration>): Promise<void> {
  const rows = [...took].toSorted(([, one], [, other]) => other.seconds - one.seconds)
  await writeFile(
    file,
    rows
      .map(([name, { seconds, processorS }]) => `${name}\t${seconds.toFixed(1)}\t${processorS.toFixed(1)}\n`)
      .join(''),
  )
}
