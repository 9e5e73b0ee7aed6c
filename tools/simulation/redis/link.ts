/** One process's connection to Redis: commands and answers in order, until it breaks. */
import type { AcdCommands } from '../../../src/redis/connection.ts'
import type { Process } from '../kernel/process.ts'
import type { Random } from '../kernel/random.ts'
import type { CommandName } from './model.ts'
import type { Schedule } from '../kernel/schedule.ts'
import type { FaultState } from '../world/fault-state.ts'

/** Executes scripts and commands: the model, or a real Redis. */
export interface Engine {
  execute(name: CommandName, args: readonly (string | number)[]): unknown
}

/** The shared Redis: whether it runs, and its connections. */
export class RedisServer {
  readonly engine: Engine
  readonly links = new Set<RedisLink>()
  #up = true

  constructor(engine: Engine) {
    this.engine = engine
  }
  get isUp(): boolean {
    return this.#up
  }
  goDown(): void {
    this.#up = false
    for (const link of this.links) link.cut()
  }
  comeUp(): void {
    this.#up = true
  }
}

export interface LinkDeps {
  readonly server: RedisServer
  readonly process: Process
  readonly schedule: Schedule
  readonly random: Random
  readonly faultState: FaultState
  readonly commandTimeoutMs: number
}

interface Request {
  /** Kind of the answer, for `Messages`. */
  readonly what: string
  readonly resolve: (answer: unknown) => void
  readonly reject: (error: Error) => void
  callOffBound: () => void
  /** Whether a request on a broken connection is still executed. */
  arrives: boolean
}

export class RedisLink implements AcdCommands {
  readonly #deps: LinkDeps
  readonly #listeners: { readonly event: 'ready' | 'close'; readonly listener: () => void }[] = []
  #status: 'ready' | 'close' = 'close'
  #outstanding = new Set<Request>()
  /** Arrival of the latest command at Redis, and of its answer here. */
  #arrivesAt = 0
  #answeredAt = 0
  /** No connection is possible before this time. */
  #cutUntil = 0

  constructor(deps: LinkDeps) {
    this.#deps = deps
    deps.server.links.add(this)
    deps.process.onDeath(() => {
      deps.server.links.delete(this)
      this.#abandon()
    })
    this.#reconnect()
  }

  get status(): string {
    return this.#status
  }
  on(event: 'ready' | 'close', listener: () => void): void {
    this.#listeners.push({ event, listener })
  }
  once(event: 'ready' | 'close', listener: () => void): void {
    let fired = false
    this.on(event, () => {
      if (!fired) listener()
      fired = true
    })
  }
  disconnect(): void {
    this.#deps.server.links.delete(this)
    this.cut()
  }

  commitChange = (...args: (string | number)[]) =>
    this.#send<[code: number, detail: string | number]>('commitChange', args)
  overwriteStates = (...args: (string | number)[]) =>
    this.#send<[number, ...string[]]>('overwriteStates', args)
  acknowledgeEffects = (...args: (string | number)[]) => this.#send<number>('acknowledgeEffects', args)
  takeLease = (...args: (string | number)[]) =>
    this.#send<[token: string, holder: string, nowMs: number, lastSeenAt: string]>('takeLease', args)
  renewLease = (...args: (string | number)[]) =>
    this.#send<[held: number, standby: string]>('renewLease', args)
  releaseLease = (...args: (string | number)[]) => this.#send<number>('releaseLease', args)
  hgetall(key: string) {
    return this.#send<Record<string, string>>('hgetall', [key])
  }
  xrange(key: string, from: string, to: string) {
    return this.#send<[id: string, fields: string[]][]>('xrange', [key, from, to])
  }
  info(section: string) {
    return this.#send<string>('info', [section])
  }

  /** Breaks the connection; outstanding commands may or may not be executed. */
  cut(forMs = 0): void {
    this.#cutUntil = this.#deps.schedule.elapsed + forMs
    if (this.#status === 'close') return
    this.#status = 'close'
    const { process } = this.#deps
    for (const request of this.#abandon()) {
      process.deliver('redis: an answer lost', () => request.reject(new Error('Connection is closed.')))
    }
    process.deliver('redis: closed', () => this.#emit('close'))
    this.#reconnect()
  }

  #abandon(): Set<Request> {
    const broken = this.#outstanding
    this.#outstanding = new Set()
    let arrives = true
    for (const request of broken) {
      // In order: after a command that did not arrive no later one arrives.
      arrives &&= this.#deps.server.isUp && this.#deps.random.chance(0.7)
      request.arrives = arrives
      request.callOffBound()
    }
    return broken
  }

  #reconnect(): void {
    const { server, process, schedule, random } = this.#deps
    schedule.after(random.between(5, 100), () => {
      if (process.isDead || !server.links.has(this)) return
      if (!server.isUp || schedule.elapsed < this.#cutUntil) {
        this.#reconnect()
        return
      }
      process.deliver('redis: ready', () => {
        this.#status = 'ready'
        this.#emit('ready')
      })
    })
  }

  #emit(event: 'ready' | 'close'): void {
    for (const one of this.#listeners) if (one.event === event) one.listener()
  }

  #send<Answer>(name: CommandName, args: readonly (string | number)[]): Promise<Answer> {
    const { process, schedule, random, commandTimeoutMs } = this.#deps
    if (this.#status !== 'ready') return Promise.reject(new Error('Connection is closed.'))
    return new Promise<Answer>((resolve, reject) => {
      if (!process.maySend(`redis: before ${name}`)) return
      const request: Request = {
        what: `redis: after ${name}`,
        resolve: (answer) => resolve(answer as Answer),
        reject,
        callOffBound: () => undefined,
        arrives: true,
      }
      this.#outstanding.add(request)
      request.callOffBound = process.clock.after(commandTimeoutMs, () => {
        // Redis may still execute it, and its answer keeps its place in the order.
        reject(new Error('Command timed out'))
      })
      this.#arrivesAt = Math.max(this.#arrivesAt, schedule.elapsed + random.between(0.05, 0.6))
      schedule.at(this.#arrivesAt, () => this.#execute(name, args, request))
    })
  }

  #execute(name: CommandName, args: readonly (string | number)[], request: Request): void | Promise<void> {
    const { server, schedule, faultState } = this.#deps
    if (!request.arrives || !server.isUp) return undefined
    if (schedule.elapsed < faultState.redisStalledUntil) {
      schedule.at(faultState.redisStalledUntil, () => this.#execute(name, args, request))
      return undefined
    }
    const answer = server.engine.execute(name, args)
    if (answer instanceof Promise) return answer.then((value) => this.#answer(request, value))
    return this.#answer(request, answer)
  }

  #answer(request: Request, answer: unknown): void {
    const { process, schedule, random, faultState } = this.#deps
    if (!this.#outstanding.has(request)) return
    if (faultState.loses('redisAnswersToLose')) {
      this.cut()
      return
    }
    this.#answeredAt = Math.max(this.#answeredAt, schedule.elapsed + random.between(0.05, 0.6))
    schedule.at(this.#answeredAt, () => {
      if (!this.#outstanding.delete(request)) return
      process.deliver(request.what, () => {
        request.callOffBound()
        request.resolve(answer)
      })
    })
  }
}
