/** `make stop`: ends the running system of this folder. */
import { setTimeout } from 'node:timers/promises'
import { readSettings } from '../config.ts'
import { isAlive, lockHolder, Processes } from './lock.ts'
import { quiet, runMain, say, UserError } from './terminal.ts'

/** Longer than the stop bound of every single part. */
const stopWithinMs = 60_000

await runMain(async () => {
  const { paths } = readSettings(process.env)
  const holder = await lockHolder(paths.var)
  if (holder === null) {
    const ended = await new Processes(paths.var, quiet).endLeftovers()
    say(
      ended === 0
        ? 'Linia is not running.'
        : `Linia was not running; ended ${ended} processes that it had left.`,
    )
    return 0
  }
  say(`Stopping Linia at ${holder.url} …`)
  process.kill(holder.pid, 'SIGTERM')
  for (let waitedMs = 0; isAlive(holder); waitedMs += 100) {
    if (waitedMs > stopWithinMs)
      throw new UserError(`It has not stopped within ${stopWithinMs / 1000} s (process ${holder.pid}).`)
    await setTimeout(100)
  }
  say('Stopped.')
  return 0
})
