/** What the commands say on the terminal. */

/** An expected failure, told to the person in one sentence or a few lines, without a stack. */
export class UserError extends Error {
  override name = 'UserError'
}

// Whoever read our output may leave (`make run | head`); what runs goes on.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)

export type Say = (line: string) => void

export const say: Say = (line) => {
  process.stdout.write(`${line}\n`)
}

export const quiet: Say = () => undefined

/** Steps that take longer say so every few seconds, so that nobody thinks it hangs. */
const progressMs = 5_000

/** Says what is being done and, while it lasts, for how long. */
export async function step<Value>(title: string, tell: Say, work: () => Promise<Value>): Promise<Value> {
  const began = performance.now()
  const seconds = () => Math.round((performance.now() - began) / 1000)
  tell(`${title} …`)
  const timer = setInterval(() => {
    tell(`  … still at it: ${title} (${seconds()} s)`)
  }, progressMs)
  try {
    return await work()
  } finally {
    clearInterval(timer)
  }
}

/** Runs a command's main function; an expected failure becomes its sentence and exit code 1. */
export async function runMain(main: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await main()
  } catch (error) {
    const expected = error instanceof UserError || (error instanceof Error && error.name === 'WrongSettings')
    const shown = expected
      ? error.message
      : error instanceof Error
        ? (error.stack ?? error.message)
        : String(error)
    process.stderr.write(`linia: ${shown}\n`)
    process.exitCode = 1
  }
}
