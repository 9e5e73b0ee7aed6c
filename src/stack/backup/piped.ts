/** Programs between two streams: pg_dump, pg_restore, age. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable, Writable } from 'node:stream'
import { tail } from '../command.ts'
import { UserError } from '../terminal.ts'

export interface Piped {
  readonly stdin: Writable
  readonly stdout: Readable
  /** Rejects with what the program said when it failed. */
  readonly succeeded: Promise<void>
}

export function startPiped(
  what: string,
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Piped {
  const { stdin, stdout, stderr, ...child } = spawning(program, args, env)
  let said = ''
  stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
  const ended = async (): Promise<void> => {
    const code = await child.closed
    if (code !== 0) throw new UserError(`${what} failed (${program}, exit code ${code}):\n${tail(said)}`)
  }
  const succeeded = ended()
  // The caller awaits it with the streams.
  succeeded.catch(() => undefined)
  return { stdin, stdout, succeeded }
}

function spawning(program: string, args: readonly string[], env: NodeJS.ProcessEnv) {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'], env })
  const closed = once(child, 'close').then(([code]: unknown[]) => code as number | null)
  return { stdin: child.stdin, stdout: child.stdout, stderr: child.stderr, closed }
}

/**
 * Waits for all, so that no program or stream is left behind. Of several failures a disk's comes first, then a program's:
 * a broken pipe is only their consequence.
 */
export async function allDone(work: readonly Promise<unknown>[]): Promise<void> {
  const failures = (await Promise.allSettled(work)).flatMap((one) =>
    one.status === 'rejected' ? [one.reason as unknown] : [],
  )
  if (failures.length === 0) return
  throw failures.sort((a, b) => rankOf(a) - rankOf(b))[0]
}

function rankOf(error: unknown): number {
  if (error instanceof UserError) return 1
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return code === 'EPIPE' || code === 'ERR_STREAM_PREMATURE_CLOSE' ? 2 : 0
}
