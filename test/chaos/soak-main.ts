/**
 * `make soak`: an hour at half of the most that is promised (20 calls a second of 5 s, 100 agents). Prints a
 * table and writes `var/chaos/soak-*.json`; fails when something grows or is missing.
 *
 * SOAK_MINUTES (60), SOAK_RATE (20 calls a second), SOAK_AGENTS (100).
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { installMissing } from '../../src/stack/packages.ts'
import { runMain, say } from '../../src/stack/screen.ts'
import { busySentence, machine } from '../bench/machine.ts'
import { missingSound } from '../bench/recordings.ts'
import { Ends } from './ends.ts'
import type { Sample } from './sample.ts'
import { grownSince, runSoak, slopesOf, type Soak } from './soak.ts'
import { openHouse } from './stage.ts'

const folder = fileURLToPath(new URL('../../var/chaos/', import.meta.url))
/** In a shorter run memory has not settled, and its slope is told only. */
const judgedFromMinutes = 20
/** Growth in an hour, as a share of what the part holds and in megabytes: more than both is a leak. */
const growthShare = 0.25
const growthMb = 15

await runMain(async () => {
  await installMissing('test', say)
  await mkdir(folder, { recursive: true })
  const busy = busySentence()
  if (busy !== null) say(busy)
  const minutes = wanted('SOAK_MINUTES', 60)
  const perSecond = wanted('SOAK_RATE', 20)
  const agents = wanted('SOAK_AGENTS', 100)
  const about = await machine()
  const ends = new Ends()
  try {
    say('Starting a Linia with two nodes …')
    const house = await openHouse(ends, { nodes: 2, agents })
    say(`${perSecond} calls a second for ${minutes} minutes, ${agents} agents …`)
    const times = { talkMs: 5_000, sampleEveryMs: 10_000, movesEveryMs: 20 * 60_000 }
    const load = { perSecond, seconds: Math.round(minutes * 60), ...times }
    const soak = await runSoak(house, { ...load, tell: (sample) => say(lineOf(sample)) })
    const slopes = slopesOf(soak.samples)
    const broken = brokenBy(soak, slopes, minutes)
    say(textOf(soak, slopes))
    for (const sentence of broken) say(`BROKEN: ${sentence}`)
    if (broken.length === 0) say('All held.')
    const file = join(folder, `soak-${new Date().toISOString().replaceAll(':', '-')}.json`)
    await writeFile(file, JSON.stringify({ machine: about, load, broken, slopes, ...soak }, null, 2))
    say(`written: ${file}`)
    return broken.length === 0 ? 0 : 1
  } finally {
    await ends.end()
  }
})
process.exit()

function brokenBy(soak: Soak, slopes: Readonly<Record<string, number>>, minutes: number): string[] {
  const broken = [...grownSince(soak.before, soak.after), ...missingSound(soak.sound)]
  if (soak.missedRecords > 0) broken.push(`${soak.missedRecords} calls have no record as answered`)
  if (soak.served < soak.called) broken.push(`${soak.called - soak.served} callers were not served`)
  if (minutes < judgedFromMinutes) return broken
  for (const [part, slope] of Object.entries(slopes)) {
    const held = soak.samples.at(-1)?.memoryMb[part] ?? 0
    if (slope > growthMb && slope > growthShare * held)
      broken.push(`${part} grows by ${slope.toFixed(1)} MB an hour, from ${held.toFixed(0)} MB`)
  }
  return broken
}

function textOf(soak: Soak, slopes: Readonly<Record<string, number>>): string {
  const heads = [
    'process',
    'MB before',
    'MB at the end',
    'MB an hour',
    'files before',
    'files after',
  ] as const
  const middle = soak.samples.at(-1)
  const rows = Object.entries(soak.after.files).map(([part, files]) => [
    part,
    (soak.before.memoryMb[part] ?? 0).toFixed(1),
    (middle?.memoryMb[part] ?? 0).toFixed(1),
    (slopes[part] ?? 0).toFixed(1),
    String(soak.before.files[part] ?? 0),
    String(files),
  ])
  const table = [heads, ...rows].map((row) =>
    row
      .map((cell) => cell.padEnd(14))
      .join('')
      .trimEnd(),
  )
  return [
    '',
    ...table,
    `${soak.called} called, ${soak.served} served, ${soak.missedRecords} records missing, ` +
      `${soak.sound.withoutRecording} recordings missing, ${soak.sound.lost} lost, ${soak.sound.tooShort} too short, ` +
      `${soak.complaints} complaints of SIPp`,
    `keys of Redis ${soak.before.keys} → ${soak.after.keys}, events in its stream ${soak.after.streamLength}`,
  ].join('\n')
}

function lineOf({ atMs, memoryMb, files, keys, streamLength, ledgerRows, jobs }: Sample): string {
  const parts = Object.entries(memoryMb).map(([part, mb]) => `${part} ${mb.toFixed(0)}/${files[part]}`)
  return `  ${(atMs / 1000).toFixed(0).padStart(5)} s  MB/files ${parts.join(' ')}  keys ${keys} events ${streamLength} rows ${ledgerRows} jobs ${jobs}`
}

function wanted(name: string, otherwise: number): number {
  const given = Number(process.env[name] ?? otherwise)
  if (!Number.isFinite(given) || given <= 0) throw new Error(`${name}: a number is expected`)
  return given
}
