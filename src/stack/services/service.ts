/**
 * One supervised process: started until its probe succeeds, restarted when it ends or is dead, stopped with all of its
 * children. It ends with this process, also when this process is killed.
 */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, openSync, renameSync, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { tail } from '../command.ts'
import { lowerPriority, scheduleOnceReady, type CpuScheduling } from '../privileges/cpu-scheduling.ts'
import { lives, Silence, StartProgress } from './liveness.ts'
import { confinement, type LandlockRules } from '../privileges/landlock.ts'
import { UserError } from '../terminal.ts'

export interface ServiceOptions {
  /** Name for people: "the ledger (PostgreSQL)". */
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
  readonly logFile: string
  /** Its own error log, when errors are not in its output. */
  readonly errorLog?: string
  /** Signal for an orderly end. */
  readonly stopSignal?: 'SIGTERM' | 'SIGINT'
  /** It is killed after this time. */
  readonly stopWithinMs?: number
  /** Whether it has started and answers; bounded to a few seconds. */
  readonly probe: () => Promise<boolean>
  /** Signs of life once it has started; default: it answers the probe. */
  readonly life?: Life
  /** Interval of the looks at it while it runs. */
  readonly lookEveryMs?: number
  /** Bound of the time in which it makes no progress during a start. */
  readonly readyWithinMs: number
  /** Number of tries when it hangs during the first start; default 1. */
  readonly startsMax?: number
  /** File system sandbox; without it the user's own rights apply. */
  readonly reach?: LandlockRules
  /** It may bind ports below 1024 where this process may. */
  readonly lowPort?: boolean
  /** Its CPU scheduling once it answers, where permitted. */
  readonly cpuScheduling?: CpuScheduling
  /** Interval of the starvation checks. */
  readonly starvationCheckEveryMs?: number
  /**
   * Asked at each restart: whether another part does its work now. Then it gets a low priority until it answers. A restart
   * that was in vain has the usual one the next time: on a busy machine it would never come up, and be killed for that
   * again and again.
   */
  readonly hasSubstitute?: () => boolean
  /** Additional options of `setpriv`, to run as another user. */
  readonly identity?: readonly string[]
  /** Called for every start, so that a later `make run` can end leftovers of a killed one. */
  readonly onSpawn?: (pid: number) => void
  readonly onChange?: (line: string) => void
  /** Called after each unexpected end, before the restart. */
  readonly ended?: () => Promise<void>
}

/** `beats`: a Node process that calls `beat()` (`heartbeat.ts`). A function: asked instead of the probe, bounded to a few seconds. */
export type Life = 'beats' | (() => Promise<boolean>)

const restartDelaysMs = [200, 500, 1_000, 2_000, 5_000, 10_000] as const
/** After running this long the restart delay is reset. */
const steadyAfterMs = 30_000
const lookEveryMs = 2_000
/** As long as a look that asks in vain. */
const beatsLookEveryMs = 4_000
/** A start that still makes progress then will not come to an end. */
const startMaxMs = 600_000
/** While it starts. */
const firstProbesEveryMs = 50
const firstProbesEveryMaxMs = 500
const starvationCheckEveryMs = 1_000
const noLowPort = ['--inh-caps', '-net_bind_service', '--ambient-caps', '-net_bind_service'] as const
const logBytesMax = 20 * 1024 * 1024

export class Service {
  readonly options: ServiceOptions
  #child: ChildProcess | null = null
  #stopping = new AbortController()
  #ended: Promise<void> = Promise.resolve()
  #failures = 0
  /** Whether the process has answered since its start. */
  #hasAnswered = false
  #beats = 0
  /** Description of its last end. */
  #how = ''

  constructor(options: ServiceOptions) {
    this.options = options
  }

  get pid(): number | null {
    return this.#child?.pid ?? null
  }

  /** Runs, and has answered since its start. */
  get isUp(): boolean {
    return this.#child !== null && this.#hasAnswered
  }

  /** Resolves when it answers. @throws {UserError} with the end of its log when it does not start. */
  async start(): Promise<void> {
    const { name, readyWithinMs, startsMax = 1 } = this.options
    this.#stopping = new AbortController()
    for (let tried = 1; ; tried++) {
      const ended = this.#spawn()
      // A caller of `start` waits for an answer, not for signs of life.
      const came = await this.#comesUp(ended, () => false)
      if (came === 'up') {
        void this.#keepRunning(ended)
        return
      }
      const noAnswer = `does not answer after ${readyWithinMs / 1000} s`
      if (came === 'hangs' && tried < startsMax && !this.#stopping.signal.aborted) {
        this.#kill(`${noAnswer}; killing it and starting it again`)
        await ended
        continue
      }
      await this.stop()
      const what = came === 'ended' ? 'ended while starting' : noAnswer
      throw new UserError(`${name} ${what}. ${await this.#logTail()}`)
    }
  }

  /** `showsLife`: whether the part has shown a sign of life since the last call; with one its start is no idle time. */
  async #comesUp(ended: Promise<void>, showsLife: () => boolean): Promise<'up' | 'ended' | 'hangs'> {
    const began = performance.now()
    const progress = this.pid === null ? null : new StartProgress(this.pid)
    while (!(await this.options.probe())) {
      const waitedMs = performance.now() - began
      // A slow start is noticed a tenth of its time late: the probes of a busy machine must not make it busier.
      const pauseMs = Math.min(Math.max(firstProbesEveryMs, waitedMs / 10), firstProbesEveryMaxMs)
      const gone = await Promise.race([ended.then(() => true), pause(pauseMs).then(() => false)])
      if (gone || progress === null) return 'ended'
      if (progress.look(showsLife()) > this.options.readyWithinMs || waitedMs > startMaxMs) return 'hangs'
    }
    this.#hasAnswered = true
    this.#schedule()
    return 'up'
  }

  /** Whether a beat has come since the last call. */
  #turns(): () => boolean {
    let before = this.#beats
    return () => {
      const turned = this.#beats !== before
      before = this.#beats
      return turned
    }
  }

  #schedule(): void {
    const { cpuScheduling, starvationCheckEveryMs: everyMs = starvationCheckEveryMs } = this.options
    if (this.pid === null || cpuScheduling === undefined) return
    void scheduleOnceReady(this.pid, cpuScheduling, everyMs, this.#stopping.signal)
  }

  #kill(why: string): void {
    this.options.onChange?.(`${this.options.name} ${why}`)
    if (this.pid !== null) signalGroup(this.pid, 'SIGKILL', this.#child)
  }

  /** Idempotent; resolves when the process and its group are gone. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    const pid = this.#child?.pid
    if (pid === undefined) return
    signalGroup(pid, this.options.stopSignal ?? 'SIGTERM', this.#child)
    // A suspended process (SIGSTOP) handles the signal only after SIGCONT.
    signalGroup(pid, 'SIGCONT', this.#child)
    const gone = new AbortController()
    const bound = pause(this.options.stopWithinMs ?? 10_000, gone.signal)
    if (await Promise.race([this.#ended.then(() => false), bound])) signalGroup(pid, 'SIGKILL', this.#child)
    await this.#ended
    gone.abort()
    signalGroup(pid, 'SIGKILL', null)
  }

  async #logTail(): Promise<string> {
    const { logFile, errorLog } = this.options
    const logs = [logFile, errorLog].filter((file) => file !== undefined && existsSync(file))
    const ends = logs.map(async (file = '') => `The end of ${file}:\n${tail(await readFile(file, 'utf8'))}`)
    return (await Promise.all(ends)).join('\n')
  }

  /** On a full disk the part runs without a log. */
  #openLog(path: string): number | 'ignore' {
    try {
      return openLog(path)
    } catch (error) {
      this.options.onChange?.(`${this.options.name} goes without its log: ${String(error)}`)
      return 'ignore'
    }
  }

  /** The promise resolves when the process has ended. */
  #spawn(): Promise<void> {
    const { command, args, env, cwd, logFile, identity = [], reach, stopSignal = 'SIGTERM' } = this.options
    const log = this.#openLog(logFile)
    const deathSignal = stopSignal === 'SIGINT' ? 'INT' : 'TERM'
    const confined = reach === undefined ? [] : confinement(reach, command)
    const rights = ['--pdeathsig', deathSignal, '--no-new-privs', ...identity, ...confined]
    if (this.options.lowPort !== true && process.getuid?.() !== 0) rights.push(...noLowPort)
    const child = spawn('setpriv', [...rights, '--', command, ...args], {
      // A process group of its own: Ctrl-C reaches only this process, which stops the parts in order.
      detached: true,
      stdio: ['ignore', log, log, ...(this.options.life === 'beats' ? (['ipc'] as const) : [])],
      env: { ...baseEnvironment(), ...env },
      ...(cwd === undefined ? {} : { cwd }),
    })
    if (log !== 'ignore') closeSync(log)
    child.on('message', () => this.#beats++)
    this.#child = child
    const began = performance.now()
    if (child.pid !== undefined) this.options.onSpawn?.(child.pid)
    this.#ended = new Promise((resolve) => {
      const done = (how: string) => {
        if (this.#child === child) this.#child = null
        if (child.pid !== undefined) signalGroup(child.pid, 'SIGKILL', null)
        if (performance.now() - began > steadyAfterMs) this.#failures = 0
        this.#how = how
        resolve()
      }
      child.once('exit', (code, signal) => {
        done(signal ?? `exit code ${code}`)
      })
      child.once('error', (error) => {
        done(error.message)
      })
    })
    return this.#ended
  }

  async #keepRunning(first: Promise<void>): Promise<void> {
    // The signal of this start: after stop and start the earlier loop must not continue.
    const { signal } = this.#stopping
    const { name, onChange } = this.options
    const showsLife = this.#turns()
    for (let ended = first; ; ended = this.#spawnAgain()) {
      const came = ended === first ? 'up' : await this.#comesUp(ended, showsLife)
      if (came === 'up') await this.#watch(ended, signal)
      if (came === 'hangs') this.#kill('does not answer; killing it')
      await ended
      if (signal.aborted) return
      try {
        await this.options.ended?.()
      } catch (error) {
        if (signal.aborted) return
        onChange?.(`${name} has ended, and what should follow failed: ${String(error)}`)
      }
      if (signal.aborted) return
      const delayMs = restartDelaysMs[Math.min(this.#failures, restartDelaysMs.length - 1)] ?? 0
      this.#failures++
      onChange?.(`${name} has ended (${this.#how}); starting it again`)
      if (!(await pause(delayMs, signal))) return
    }
  }

  /** A failed spawn (no memory, no file descriptors) counts as another end. */
  #spawnAgain(): Promise<void> {
    const isLow = this.options.hasSubstitute?.() === true && this.#hasAnswered
    this.#hasAnswered = false
    try {
      const ended = this.#spawn()
      if (isLow && this.pid !== null) void lowerPriority(this.pid)
      return ended
    } catch (error) {
      this.#how = String(error)
      return Promise.resolve()
    }
  }

  /** Kills it when it is dead. Resolves at its end, and at a stop. */
  async #watch(ended: Promise<void>, stopping: AbortSignal): Promise<void> {
    const { life = this.options.probe } = this.options
    const { lookEveryMs: everyMs = life === 'beats' ? beatsLookEveryMs : lookEveryMs } = this.options
    const { pid } = this
    if (pid === null) return
    const gone = new AbortController()
    void ended.then(() => gone.abort())
    const signal = AbortSignal.any([stopping, gone.signal])
    const silence = new Silence()
    const turns = this.#turns()
    const looked = async (): Promise<boolean | null> => {
      if (life !== 'beats') return (await pause(everyMs, signal)) && lives(life, pid)
      return lives(async () => (await pause(everyMs, signal)) && turns(), pid)
    }
    for (;;) {
      const alive = await looked()
      if (signal.aborted) return
      if (alive === true) {
        silence.broken()
        continue
      }
      silence.goesOn(alive)
      if (!silence.tooLong) continue
      this.#kill('does not answer any more; killing it')
      return
    }
  }
}

/**
 * Environment that a part inherits. Without the terminal's locale, because Redis does not start when it is missing
 * here.
 */
function baseEnvironment(): Record<string, string> {
  // Tests find their remaining processes by the last one (test/support/run/left-processes.ts).
  const kept = ['PATH', 'HOME', 'USER', 'TZ', 'TMPDIR', 'LINIA_TEST_FILE']
  const inherited = kept.flatMap((name) => {
    const value = process.env[name]
    return value === undefined ? [] : [[name, value] as const]
  })
  return { ...Object.fromEntries(inherited), LANG: 'C.UTF-8' }
}

function openLog(path: string): number {
  mkdirSync(dirname(path), { recursive: true })
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0
  if (size > logBytesMax) renameSync(path, `${path}.1`)
  return openSync(path, 'a', 0o600)
}

/** Signals the process group; without one (ended, or owned by another user) the child itself. */
export function signalGroup(pid: number, signal: NodeJS.Signals, child: ChildProcess | null): void {
  try {
    process.kill(-pid, signal)
  } catch {
    // ESRCH: the group is empty.
    child?.kill(signal)
  }
}

/** False when aborted. */
async function pause(ms: number, signal?: AbortSignal): Promise<boolean> {
  try {
    await setTimeout(ms, undefined, signal === undefined ? {} : { signal })
    return true
  } catch (error) {
    if (signal?.aborted === true) return false
    throw error
  }
}
