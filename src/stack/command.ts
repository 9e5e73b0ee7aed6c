/** Runs other programs to their end, and finds them. */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { Trouble } from './screen.ts'

export interface CommandOptions {
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
  /** Each line of output as it comes. */
  readonly onLine?: (line: string) => void
  /** The person sees the output and may answer (sudo, a question). */
  readonly inherit?: boolean
  /** Short, and puts back what we have changed: runs also once commands are ended. */
  readonly tidying?: boolean
}

export interface CommandResult {
  readonly code: number
  /** Standard output and error, as they came. */
  readonly output: string
  readonly stdout: string
}

const running = new Set<ChildProcess>()
let ended = false

/**
 * We are being stopped: what runs is told to end, and nothing is begun any more. By SIGINT, which apt-get heeds
 * only while it may be interrupted.
 */
export function endCommands(): void {
  ended = true
  for (const child of running) child.kill('SIGINT')
}

/**
 * While this works, Ctrl-C and SIGTERM end its commands and not us, so that it can put back what it has changed.
 * @throws {Trouble} when it was stopped so.
 */
export async function withoutBeingKilled(work: () => Promise<void>): Promise<void> {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const signal of signals) process.on(signal, endCommands)
  let failure: unknown
  try {
    await work()
  } catch (error) {
    if (!ended) throw error
    // A command that Ctrl-C has ended fails in words of its own.
    failure = error
  } finally {
    for (const signal of signals) process.off(signal, endCommands)
  }
  if (ended) throw new Trouble('Stopped.', { cause: failure })
}

/** Resolves with the exit code, whatever it is; a program that cannot be started is code 127. */
export function runCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  if (ended && options.tidying !== true)
    return Promise.resolve({ code: 143, output: 'Stopped before it began.', stdout: '' })
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      stdio: options.inherit === true ? 'inherit' : ['ignore', 'pipe', 'pipe'],
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      ...(options.env === undefined ? {} : { env: options.env }),
    })
    if (options.tidying !== true) running.add(child)
    let output = ''
    let stdout = ''
    let rest = ''
    const take = (chunk: string) => {
      output += chunk
      const lines = (rest + chunk).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) options.onLine?.(line)
    }
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      stdout += chunk
      take(chunk)
    })
    child.stderr?.setEncoding('utf8').on('data', take)
    child.on('error', (error) => {
      // It runs on where it could only not be signalled (it is root's, by sudo): its end is still to come.
      if (child.pid !== undefined) return
      running.delete(child)
      resolve({ code: 127, output: error.message, stdout: '' })
    })
    child.on('close', (code) => {
      running.delete(child)
      resolve({ code: code ?? 1, output, stdout })
    })
  })
}

/** Standard output of a program that must succeed. @throws {Trouble} with its last lines. */
export async function must(
  what: string,
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<string> {
  const result = await runCommand(command, args, options)
  if (result.code !== 0)
    throw new Trouble(`${what} failed (${command}, exit code ${result.code}):\n${tail(result.output)}`)
  return result.stdout
}

export function tail(text: string, lines = 15): string {
  return text
    .trimEnd()
    .split('\n')
    .slice(-lines)
    .map((line) => `  ${line}`)
    .join('\n')
}

/** Services live in `sbin`, which an ordinary user's PATH lacks. */
const moreFolders = ['/usr/local/sbin', '/usr/sbin', '/sbin', '/usr/bin', '/bin']

/** Path of a program on this machine, or null. */
export function findProgram(name: string): string | null {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...moreFolders]
  for (const folder of folders) {
    const path = join(folder, name)
    if (isExecutable(path)) return path
  }
  return null
}

export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    // Not there, or not for us: both mean that it cannot be run.
    return false
  }
}
