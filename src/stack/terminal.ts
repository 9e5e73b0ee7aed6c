/** Output of the commands on the terminal. */
import { userInfo } from 'node:os'

/** An expected failure with a text for the user: one sentence or a few lines, printed without a stack trace. */
export class UserError extends Error {
  override name = 'UserError'
}

// The reader of the output may close it (`make run | head`); the program continues.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)

export type Say = (line: string) => void

export const say: Say = (line) => {
  process.stdout.write(`${line}\n`)
}

export const quiet: Say = () => undefined

/** Interval of the progress lines of a long step. */
const progressMs = 5_000

/** Prints the title of a step and, while it runs, its elapsed time. */
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

/** The user at this terminal, for the record; behind sudo, or a change of user of our own, the one who called it. */
export function userName(): string {
  const { CALLED_BY, SUDO_USER } = process.env
  try {
    return CALLED_BY ?? SUDO_USER ?? userInfo().username
  } catch {
    // A user without a name in the system's list.
    return `uid ${process.getuid?.()}`
  }
}

/** Runs a command's main function; a UserError is printed as its text with exit code 1. */
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
