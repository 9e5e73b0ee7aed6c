/** Finds and runs other programs. */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { UserError } from './terminal.ts'

export interface CommandOptions {
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
  /** Called with each line of output. */
  readonly onLine?: (line: string) => void
  /** The program uses the terminal and may ask (sudo, a question). */
  readonly inherit?: boolean
  /** Milliseconds; then it is killed. */
  readonly withinMs?: number
  /** A short clean-up; it runs also after `endCommands`. */
  readonly tidying?: boolean
}

export interface CommandResult {
  readonly code: number
  /** Standard output and error, interleaved. */
  readonly output: string
  readonly stdout: string
}

const running = new Set<ChildProcess>()
let ended = false

/**
 * Called at a stop: running commands are signalled and no new one starts. SIGINT, because apt-get defers it while it must
 * not be interrupted.
 */
export function endCommands(): void {
  ended = true
  for (const child of running) child.kill('SIGINT')
}

/**
 * During `work` Ctrl-C and SIGTERM end its commands instead of this process, so that it can undo its changes.
 * @throws {UserError} when it was stopped that way.
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
  if (ended) throw new UserError('Stopped.', { cause: failure })
}

/** Resolves with the exit code; a program that cannot be started has code 127. */
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
      ...(options.withinMs === undefined ? {} : { timeout: options.withinMs, killSignal: 'SIGKILL' }),
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
      // The signal failed (a process of root, by sudo); the program still runs and its end is awaited.
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

/** Standard output of a program that must succeed. @throws {UserError} with its last lines. */
export async function must(
  what: string,
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<string> {
  const result = await runCommand(command, args, options)
  if (result.code !== 0)
    throw new UserError(`${what} failed (${command}, exit code ${result.code}):\n${tail(result.output)}`)
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

/** Services are in `sbin`, which an ordinary user's PATH lacks. */
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
    // Absent or not permitted.
    return false
  }
}
