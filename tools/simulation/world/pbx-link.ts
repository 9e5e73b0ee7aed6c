/**
 * One process's connection to Asterisk: concurrent requests, each with its own delay; events in order per channel. The
 * two sides may disagree on whether the connection is up.
 */
import { PbxUnavailable, type PbxEvent } from '../../../src/acd/ports.ts'
import type { FakeAsterisk, FakePbx } from '../../../test/support/pbx/fake-pbx.ts'
import type { Wire } from '../../../test/support/pbx/fake-wire.ts'
import type { Process } from '../kernel/process.ts'
import type { Random } from '../kernel/random.ts'
import type { Schedule } from '../kernel/schedule.ts'
import type { FaultState } from './fault-state.ts'

export interface PbxLinkDeps {
  readonly asterisk: FakeAsterisk
  readonly process: Process
  readonly schedule: Schedule
  readonly random: Random
  readonly faultState: FaultState
}

interface Request {
  readonly what: string
  readonly reject: (error: Error) => void
  /** Whether it reaches Asterisk although the connection broke. */
  arrives: boolean
}

/** Time-outs of the real adapter (`ari-transport.ts`, `ari.ts`). */
const requestTimeoutMs = 5_000
const silenceMaxMs = 4_000
const pingEveryMs = 250
const confirmedMs = 1_000

export class PbxLink implements Wire {
  readonly #deps: PbxLinkDeps
  readonly #adapter: FakePbx
  /** The connection state as the process sees it. */
  #connected = false
  #over = false
  /** Events of an earlier connection are dropped. */
  #connection = 0
  readonly #heardAt = new Map<string, number>()
  #outstanding = new Set<Request>()
  #connectedOnce: () => void = () => undefined
  #mayAct: () => boolean = () => false
  /** Last sign of life from Asterisk on the application's connection. */
  #heardAtAll = Number.NEGATIVE_INFINITY
  /** After a hang, the time until the next sign of life is read. */
  #deafUntil = 0

  constructor(adapter: FakePbx, deps: PbxLinkDeps) {
    this.#adapter = adapter
    this.#deps = deps
    deps.process.onDeath(() => {
      this.#abandon()
      if (deps.asterisk.isConnected(adapter)) deps.asterisk.disconnect()
    })
    deps.process.onWake((hungMs) => {
      this.#deafUntil = deps.schedule.elapsed + deps.random.between(1, pingEveryMs)
      // The liveness timer fires before the buffered data is read.
      if (hungMs > silenceMaxMs && this.#connected) this.#dropped()
    })
  }

  connect(mayAct: () => boolean): Promise<void> {
    this.#mayAct = mayAct
    this.#tryToConnect()
    return new Promise((resolve) => {
      this.#connectedOnce = resolve
    })
  }

  isOurs(): boolean {
    const { asterisk, schedule } = this.#deps
    const { elapsed } = schedule
    if (asterisk.isConnected(this.#adapter) && elapsed >= this.#deafUntil) this.#heardAtAll = elapsed
    return this.#connected && elapsed - this.#heardAtAll < confirmedMs
  }

  stop(): void {
    const { asterisk } = this.#deps
    this.#over = true
    if (asterisk.isConnected(this.#adapter)) asterisk.disconnect()
  }

  carry(event: PbxEvent, hear: () => void): void {
    const { process, schedule, random, faultState } = this.#deps
    if (event.type === 'Connected' || event.type === 'Disconnected' || event.type === 'Replaced') {
      this.#connection += 1
      const connection = this.#connection
      schedule.after(random.between(0.1, 2), () =>
        process.deliver(`pbx: ${event.type}`, () => {
          if (connection === this.#connection) this.#changed(event.type, hear)
        }),
      )
      if (event.type === 'Disconnected') this.#breakRequests()
      return
    }
    if (faultState.loses('eventsToLose')) return
    const key = 'channel' in event ? event.channel : 'call' in event ? event.call : event.type
    const late =
      faultState.eventLateMs > 0 && random.chance(0.3) ? random.between(0, faultState.eventLateMs) : 0
    const at = Math.max(this.#heardAt.get(key) ?? 0, schedule.elapsed + random.between(0.1, 2) + late)
    this.#heardAt.set(key, at)
    const connection = this.#connection
    const arrive = () => {
      if (connection === this.#connection) process.deliver(`pbx: ${event.type}`, hear)
    }
    schedule.at(at, arrive)
    if (faultState.doubling > 0 && random.chance(faultState.doubling)) {
      const againMs = random.between(1, 500)
      // After the next key, a copy of this one would tell of a phone as it no longer is, which nobody can know.
      if (event.type === 'LegHeld') schedule.at(at, arrive)
      else schedule.after(againMs, arrive)
    }
  }

  #changed(to: 'Connected' | 'Disconnected' | 'Replaced', hear: () => void): void {
    this.#connected = to === 'Connected'
    this.#over ||= to === 'Replaced'
    hear()
    if (to === 'Connected') this.#connectedOnce()
    if (to === 'Disconnected') this.#reconnectLater()
  }

  ask<Answer>(what: string, execute: () => Answer): Promise<Answer> {
    const { process, schedule, random, faultState } = this.#deps
    if (!this.#connected) return Promise.reject(new PbxUnavailable('not connected'))
    return new Promise((resolve, reject) => {
      if (!process.maySend(`pbx: before ${what}`)) return
      const request: Request = { what, reject, arrives: true }
      this.#outstanding.add(request)
      const late = faultState.pbxSlowMs > 0 ? random.between(0, faultState.pbxSlowMs) : 0
      schedule.after(random.between(0.2, 3) + late, () => this.#execute(request, execute, resolve))
    })
  }

  /** The connection breaks, seen from both sides. */
  cut(): void {
    const { asterisk } = this.#deps
    if (asterisk.isConnected(this.#adapter)) asterisk.disconnect()
  }

  #execute<Answer>(request: Request, execute: () => Answer, resolve: (answer: Answer) => void): void {
    const { process, schedule, random, faultState, asterisk } = this.#deps
    if (!request.arrives) return
    if (!asterisk.isAlive || faultState.loses('pbxRequestsToLose')) return this.#unanswered(request)
    const answer = execute()
    if (faultState.loses('pbxAnswersToLose')) return this.#unanswered(request)
    schedule.after(random.between(0.2, 3), () => {
      if (this.#outstanding.delete(request))
        process.deliver(`pbx: after ${request.what}`, () => resolve(answer))
    })
  }

  #unanswered(request: Request): void {
    const { process, schedule } = this.#deps
    schedule.after(requestTimeoutMs, () => {
      if (!this.#outstanding.delete(request)) return
      process.deliver('pbx: no answer', () => request.reject(new PbxUnavailable('no answer')))
    })
  }

  #breakRequests(): void {
    for (const request of this.#abandon()) {
      this.#deps.process.deliver('pbx: an answer lost', () =>
        request.reject(new PbxUnavailable('the connection broke')),
      )
    }
  }

  #abandon(): Set<Request> {
    const broken = this.#outstanding
    this.#outstanding = new Set()
    for (const request of broken) request.arrives = this.#deps.random.chance(0.5)
    return broken
  }

  /** The process itself closes the connection. */
  #dropped(): void {
    const { asterisk } = this.#deps
    if (asterisk.isConnected(this.#adapter)) asterisk.disconnect()
    // Another process is connected there; the notice of that has not been read.
    else this.#adapter.receive({ type: 'Disconnected' })
  }

  #reconnectLater(): void {
    const { schedule, random } = this.#deps
    schedule.after(random.between(50, 1_000), () => this.#tryToConnect())
  }

  #tryToConnect(): void {
    const { asterisk, process } = this.#deps
    if (this.#over || process.isDead || this.#connected) return
    if (!asterisk.isAlive || !process.isRunning || !this.#mayAct()) {
      this.#reconnectLater()
      return
    }
    if (asterisk.isConnected(this.#adapter)) return
    asterisk.reconnect(this.#adapter)
  }
}
