/**
 * `make fresh`: the README's commands on bare Debian machines, one printed line a case with its seconds. CASES= names
 * journeys (`root`, `run-test`, `user`, `test-run`, `short`, `update`).
 */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findProgram } from '../../src/stack/command.ts'
import { runMain, say, UserError } from '../../src/stack/terminal.ts'
import { baseRoot } from './base-root.ts'
import { journeys, shortJourney, updateJourney, type Journey } from './cases.ts'
import { travel } from './journey.ts'
import { removeLeftMachines } from './machine.ts'
import { startMirror } from './mirror.ts'
import { cacheRoot as cache, whyNotHere } from './why-not-here.ts'

const checkout = fileURLToPath(new URL('../../', import.meta.url))

await runMain(async () => {
  const chosen = choose(process.argv.slice(2))
  const why = await whyNotHere()
  if (why !== null) throw new UserError(`make fresh cannot run here: ${why}`)
  if (findProgram('mmdebstrap') === null)
    throw new UserError('mmdebstrap is missing. Run: apt-get install --no-install-recommends mmdebstrap')
  const machines = join(cache, 'machines')
  await removeLeftMachines(machines)
  const base = await baseRoot(cache, say)
  const socket = join(cache, `mirror-${process.pid}.sock`)
  const mirror = await startMirror(join(cache, 'mirror'), socket)
  try {
    let [passed, failed] = [0, 0]
    for (const journey of chosen) {
      const results = await travel(journey, { base, machines, socket, checkout, tell: say })
      passed += results.filter((one) => one === null).length
      failed += results.filter((one) => one !== null).length
    }
    say(`${passed} passed, ${failed} failed`)
    return failed === 0 ? 0 : 1
  } finally {
    mirror.close()
    await rm(socket, { force: true })
  }
})
process.exit()

/** @throws {UserError} for a name that there is not. */
function choose(names: readonly string[]): readonly Journey[] {
  if (names.length === 0) return journeys
  const all = [...journeys, shortJourney, updateJourney]
  return names.map((name) => {
    const found = all.find((journey) => journey.name === name)
    if (found === undefined)
      throw new UserError(`There is no "${name}"; there are: ${all.map((one) => one.name).join(', ')}.`)
    return found
  })
}
