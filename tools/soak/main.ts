/**
 * `make soak`: an hour at half of the highest load (20 calls of 5 s per second, 200 agents). Prints a table and writes
 * `var/chaos/soak-*.json`; fails when a resource grows or a record is missing.
 *
 * SOAK_MINUTES (60), SOAK_RATE (20 calls a second), SOAK_AGENTS (ten for each of them).
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { installMissing } from '../../src/stack/install/packages.ts'
import { shortenTimeSlice, enableRealTime } from '../../src/stack/privileges/cpu-scheduling.ts'
import { runMain, say } from '../../src/stack/terminal.ts'
import { busySentence, machine } from '../bench/measures/machine.ts'
import { Teardowns } from '../chaos/teardowns.ts'
import { growthOf, leaksOf, type Growth } from './memory-growth.ts'
import type { Sample } from './resource-sample.ts'
import { brokenBy, runSoak, type Soak } from './soak.ts'
import { openSystem } from '../chaos/testbed.ts'

const folder = fileURLToPath(new URL('../../var/chaos/', import.meta.url))
/** Agents per call a second; half of them talk. With all of them talking the queue could only grow. */
const agentsForEach = 10
/** A realistic bound: on a machine too slow for the load, further callers are rejected. */
const lineLengthMax = '100'
/** In a shorter run memory has not settled: its growth is printed but not judged. */
const judgedFromMinutes = 20
/** The phones register anew at least twice, and before Asterisk's registration expires. */
const movesEveryMinutes = 20

await runMain(async () => {
  await installMissing('test', say)
  await mkdir(folder, { recursive: true })
  // As `make run` does. The nodes' connections pass through this process, so it needs the same scheduling.
  await shortenTimeSlice()
  await enableRealTime(process.pid)
  const busy = busySentence()
  if (busy !== null) say(busy)
  const minutes = wanted('SOAK_MINUTES', 60)
  const perSecond = wanted('SOAK_RATE', 20)
  const agents = wanted('SOAK_AGENTS', agentsForEach * perSecond)
  const about = await machine()
  const teardowns = new Teardowns()
  try {
    say('Starting a Linia with two nodes …')
    const system = await openSystem(teardowns, {
      nodes: 2,
      agents,
      overrides: { LINE_LENGTH_MAX: lineLengthMax },
    })
    say(`${perSecond} calls a second for ${minutes} minutes, ${agents} agents …`)
    const moveMinutes = Math.min(movesEveryMinutes, minutes / 3)
    const times = { talkMs: 5_000, sampleEveryMs: 10_000, movesEveryMs: moveMinutes * 60_000 }
    const load = { perSecond, seconds: Math.round(minutes * 60), ...times }
    const soak = await runSoak(system, { ...load, tell: (sample) => say(lineOf(sample)) })
    const growth = growthOf(soak.samples)
    const broken = [...brokenBy(soak), ...(minutes < judgedFromMinutes ? [] : leaksOf(growth))]
    say(textOf(soak, growth))
    for (const sentence of broken) say(`BROKEN: ${sentence}`)
    if (broken.length === 0) say('All checks passed.')
    const file = join(folder, `soak-${new Date().toISOString().replaceAll(':', '-')}.json`)
    await writeFile(file, JSON.stringify({ machine: about, load, broken, growth, ...soak }, null, 2))
    say(`written: ${file}`)
    return broken.length === 0 ? 0 : 1
  } finally {
    await teardowns.end()
  }
})
process.exit()

function textOf(soak: Soak, growth: Readonly<Record<string, Growth>>): string {
  const heads = [
    'process',
    'MB before',
    'MB at the end',
    'MB an hour',
    'MB late',
    'files before',
    'files after',
  ] as const
  const middle = soak.samples.at(-1)
  const rows = Object.entries(soak.after.files).map(([part, files]) => [
    part,
    (soak.before.memoryMb[part] ?? 0).toFixed(1),
    (middle?.memoryMb[part] ?? 0).toFixed(1),
    (growth[part]?.perHour ?? 0).toFixed(1),
    (growth[part]?.late ?? 0).toFixed(1),
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
      `${soak.complaints} SIPp errors, ${soak.withdrawn} offers withdrawn`,
    `keys of Redis ${soak.before.keys} → ${soak.after.keys}, versions ${soak.before.versions} → ${soak.after.versions}, ` +
      `states ${soak.before.states} → ${soak.after.states}, events in its stream ${soak.after.streamLength}`,
    `the phones registered anew ${soak.moves} times`,
    `the longest event loop lag of a server: ${longestLag(soak.samples)}`,
  ].join('\n')
}

function longestLag(samples: readonly Sample[]): string {
  const each = samples.flatMap(({ atMs, standstillMs }) =>
    Object.entries(standstillMs).map(([part, ms]) => ({ part, ms, atMs })),
  )
  const [longest] = each.toSorted((one, other) => other.ms - one.ms)
  if (longest === undefined) return 'not measured'
  return `${longest.part} for ${longest.ms} ms, before ${(longest.atMs / 1000).toFixed(0)} s`
}

function lineOf({
  atMs,
  memoryMb,
  files,
  standstillMs,
  keys,
  streamLength,
  ledgerRows,
  jobs,
}: Sample): string {
  const parts = Object.entries(memoryMb).map(([part, mb]) => `${part} ${mb.toFixed(0)}/${files[part]}`)
  const lags = Object.values(standstillMs).join(' ')
  return `  ${(atMs / 1000).toFixed(0).padStart(5)} s  MB/files ${parts.join(' ')}  lag ms ${lags}  keys ${keys} events ${streamLength} rows ${ledgerRows} jobs ${jobs}`
}

function wanted(name: string, otherwise: number): number {
  const given = Number(process.env[name] ?? otherwise)
  if (!Number.isFinite(given) || given <= 0) throw new Error(`${name}: a number is expected`)
  return given
}
