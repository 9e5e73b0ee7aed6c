/**
 * `make chaos`: faults on real processes, one after the other, each with callers talking and waiting. Prints a table
 * and writes `var/chaos/*.json`; fails when a row misses a bound.
 *
 * FAULTS (all): names, separated by commas; one of them that this machine does not allow counts as a failure. TALKING,
 * WAITING (50): number of callers. SEEDS (10000; 0 with FAULTS): seeds that the simulator runs first.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { installMissing } from '../../src/stack/install/packages.ts'
import { shortenTimeSlice } from '../../src/stack/privileges/cpu-scheduling.ts'
import { runMain, say } from '../../src/stack/terminal.ts'
import { buildUi } from '../../src/stack/install/ui-build.ts'
import { busySentence, machine } from '../bench/measures/machine.ts'
import { paceSentence, slowShare, watchPace, type Slow } from '../../test/support/pace/pace.ts'
import { everyFault, faultNamed, runFaults, type FaultResults } from './run-faults.ts'
import type { Sizes } from './fault-round.ts'
import { tableOf } from './results-table.ts'

const folder = fileURLToPath(new URL('../../var/chaos/', import.meta.url))
/** With a larger share of slow time the gaps of a round are not valid. */
const slowShareMax = 0.15
const simulator = fileURLToPath(new URL('../simulation/main.ts', import.meta.url))

// Ctrl-C must run the exit handlers, which unmount and remove.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))

await runMain(async () => {
  await installMissing('test', say)
  await mkdir(folder, { recursive: true })
  // As `make run` does.
  await shortenTimeSlice()
  const named = process.env['FAULTS']
  const chosen = named === undefined ? everyFault : named.split(',').map(faultNamed)
  const sizes: Sizes = { talking: wanted('TALKING', 50), waiting: wanted('WAITING', 50) }
  const busy = busySentence()
  if (busy !== null) say(busy)
  await buildUi(say)
  const about = await machine()
  const simulated = await simulate(wanted('SEEDS', named === undefined ? 10_000 : 0))
  const file = join(folder, `${new Date().toISOString().replaceAll(':', '-')}.json`)
  const keep = async (played: FaultResults, slow: readonly Slow[] | null = null): Promise<void> => {
    // Renamed into place, so that an aborted run leaves a complete file.
    const text = JSON.stringify({ machine: about, sizes, simulated, ...played, slow }, null, 2)
    await writeFile(`${file}.new`, text)
    await rename(`${file}.new`, file)
  }
  const pace = await watchPace()
  const played = await runFaults(chosen, sizes, { tell: say, keep: (results) => keep(results), pace })
  const { rows, skipped, failed } = played
  const slow = (await pace?.stop()) ?? null
  say(`\n${tableOf(rows)}`)
  if (slow !== null) for (const { fault, span } of rows) say(`${fault}: ${paceSentence(slow, span)}`)
  for (const sentence of skipped) say(sentence)
  const tooSlow = rows.filter(({ span }) => slowShare(slow ?? [], span) > slowShareMax)
  const broken = [
    ...tooSlow.map(({ fault }) => `${fault}: the machine was slow for too long for a valid result`),
    ...rows.flatMap(({ fault, broken }) => broken.map((sentence) => `${fault}: ${sentence}`)),
    ...failed,
    // A run that was asked for by name proves nothing when it was skipped.
    ...(named === undefined ? [] : skipped),
    ...(simulated ? [] : ['the simulator found a failure']),
  ]
  for (const sentence of broken) say(`BROKEN ${sentence}`)
  await keep(played, slow)
  say(`written: ${file}`)
  if (broken.length === 0)
    say(
      `All bounds were kept${skipped.length === 0 ? '' : `; ${skipped.length} faults were skipped on this machine`}.`,
    )
  return broken.length === 0 ? 0 : 1
})
process.exit()

/** Runs the simulator, which prints its own report; true when it found no failure. */
async function simulate(seeds: number): Promise<boolean> {
  if (seeds === 0) return true
  say(`The simulator, ${seeds} seeds …`)
  // The simulator's FAULTS is a number.
  const env = { ...process.env, SEEDS: String(seeds), FAULTS: undefined }
  const child = spawn(process.execPath, [simulator], { env, stdio: 'inherit' })
  const [code] = await once(child, 'exit')
  return code === 0
}

function wanted(name: string, otherwise: number): number {
  const given = Number(process.env[name] ?? otherwise)
  if (!Number.isInteger(given) || given < 0) throw new Error(`${name}: a whole number is expected`)
  return given
}
