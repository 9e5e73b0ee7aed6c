/**
 * `make chaos`: faults on real processes, one after the other, each with people talking and waiting. Prints
 * a table and writes `var/chaos/*.json`; fails when a row breaks its promise.
 *
 * FAULTS (all) names some, TALKING and WAITING (50) say how many people there are, SEEDS (10000; 0 for none)
 * how many seeds the simulator runs first.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { installMissing } from '../../src/stack/packages.ts'
import { runMain, say } from '../../src/stack/screen.ts'
import { busySentence, machine } from '../bench/machine.ts'
import { browserFaults, runBrowserRound, type BrowserFault } from './browser-round.ts'
import { faults, type Fault } from './faults.ts'
import { runRound, type Row, type Sizes } from './round.ts'
import { buildUi } from '../../src/stack/ui-build.ts'
import { openStage } from './stage.ts'
import { tableOf } from './table.ts'
import { Ends } from './ends.ts'

/** Asterisk's own death comes last, and the standby needs a Linia of its own. */
const everyFault: readonly AnyFault[] = [
  ...faults.filter(({ callsFall }) => callsFall !== true),
  ...browserFaults,
  ...faults.filter(({ callsFall }) => callsFall === true),
]
const folder = fileURLToPath(new URL('../../var/chaos/', import.meta.url))
const simulator = fileURLToPath(new URL('../simulation/main.ts', import.meta.url))

await runMain(async () => {
  await installMissing('test', say)
  await mkdir(folder, { recursive: true })
  const busy = busySentence()
  if (busy !== null) say(busy)
  const named = process.env['FAULTS']
  const chosen = named === undefined ? everyFault : named.split(',').map(faultNamed)
  await buildUi(say)
  const sizes: Sizes = { talking: wanted('TALKING', 50), waiting: wanted('WAITING', 50) }
  const about = await machine()
  const simulated = await simulate(wanted('SEEDS', named === undefined ? 10_000 : 0))
  const rows: Row[] = []
  const skipped: string[] = []
  for (const standbyPbx of [false, true]) {
    const some = chosen.filter((fault) => needsStandby(fault) === standbyPbx)
    if (some.length > 0) await act(some, sizes, { standbyPbx, rows, skipped })
  }
  say(`\n${tableOf(rows)}`)
  for (const sentence of skipped) say(sentence)
  for (const { fault, broken } of rows) for (const sentence of broken) say(`BROKEN ${fault}: ${sentence}`)
  const file = join(folder, `${new Date().toISOString().replaceAll(':', '-')}.json`)
  await writeFile(file, JSON.stringify({ machine: about, sizes, simulated, rows, skipped }, null, 2))
  say(`written: ${file}`)
  return simulated && rows.every(({ broken }) => broken.length === 0) ? 0 : 1
})
process.exit()

type AnyFault = Fault | BrowserFault
const isOfBrowser = (fault: AnyFault): fault is BrowserFault => !('lastsMs' in fault)
const needsStandby = (fault: AnyFault): boolean => !isOfBrowser(fault) && fault.standbyPbx === true

/** @throws with the names that there are. */
function faultNamed(name: string): AnyFault {
  const found = everyFault.find((fault) => fault.name === name)
  if (found !== undefined) return found
  throw new Error(`there is no fault ${name}; there are ${everyFault.map((fault) => fault.name).join(', ')}`)
}

/** All faults that one Linia can suffer. */
async function act(
  some: readonly AnyFault[],
  sizes: Sizes,
  { standbyPbx, rows, skipped }: { standbyPbx: boolean; rows: Row[]; skipped: string[] },
): Promise<void> {
  const ends = new Ends()
  try {
    say(`Starting a Linia with two nodes${standbyPbx ? ' and a standby Asterisk' : ''} …`)
    const overrides = standbyPbx ? { STANDBY_PBX: '1' } : {}
    const options = { nodes: 2, agents: sizes.talking, spare: 1, overrides, disk: true }
    const stage = await openStage(ends, options)
    for (const fault of some) {
      const why = isOfBrowser(fault) ? null : ((await fault.skipped?.(stage)) ?? null)
      if (why !== null) {
        skipped.push(`${fault.name} is left out: ${why}`)
        continue
      }
      say(`${fault.name}: ${fault.what} …`)
      const row = isOfBrowser(fault)
        ? await runBrowserRound(ends, stage, fault, sizes)
        : await runRound(stage, fault, sizes)
      rows.push(row)
      for (const sentence of row.broken) say(`  BROKEN: ${sentence}`)
      say(`  ${(row.tookMs / 1000).toFixed(0)} s`)
    }
  } finally {
    await ends.end()
  }
}

/** The simulator with its own words; whether all held. */
async function simulate(seeds: number): Promise<boolean> {
  if (seeds === 0) return true
  say(`The simulator, ${seeds} seeds …`)
  const env = { ...process.env, SEEDS: String(seeds) }
  const child = spawn(process.execPath, [simulator], { env, stdio: 'inherit' })
  const [code] = await once(child, 'exit')
  return code === 0
}

function wanted(name: string, otherwise: number): number {
  const given = Number(process.env[name] ?? otherwise)
  if (!Number.isInteger(given) || given < 0) throw new Error(`${name}: a whole number is expected`)
  return given
}
