/** How long each test file took, kept from run to run below `var/test`. */
import { readFile, writeFile } from 'node:fs/promises'

export async function readDurations(file: string): Promise<Map<string, number>> {
  const text = await readFile(file, 'utf8').catch(() => '')
  const pairs = text
    .split('\n')
    .map((line) => line.split('\t'))
    .map(([name = '', seconds]) => [name, Number(seconds)] as const)
  return new Map(pairs.filter(([name, seconds]) => name !== '' && Number.isFinite(seconds)))
}

export async function writeDurations(file: string, seconds: ReadonlyMap<string, number>): Promise<void> {
  const lines = [...seconds].toSorted(([, one], [, other]) => other - one)
  await writeFile(file, lines.map(([name, one]) => `${name}\t${one.toFixed(1)}\n`).join(''))
}
