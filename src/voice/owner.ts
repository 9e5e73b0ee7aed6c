/**
 * Owning the line of one Asterisk: take the lease, take up the saved state, connect, reconcile, then
 * match. Says to the dialplan each second that it takes calls, and stops saying so at once when not.
 */
import type { Logger } from 'pino'
import type { Opening } from '../core/opening-hours.ts'
import type { Rules } from '../core/rules.ts'
import { CallId } from '../core/ids.ts'
import { reachableDevice } from '../core/agent.ts'
import { Conductor } from './conductor.ts'
import { deskCommands } from './desk.ts'
import { Listener } from './listener.ts'
import { Mirror } from './mirror.ts'
import { performer } from './perform.ts'
import type {
  Clock,
  DeskCommands,
  Directory,
  EventSpool,
  Lease,
  LineStore,
  Pbx,
  PbxEvent,
  RecordingJobs,
  VoiceMeter,
} from './ports.ts'
import { reconcile } from './reconcile.ts'
import { Saver } from './saver.ts'

export interface OwnerDeps {
  readonly pbx: Pbx
  readonly store: LineStore
  readonly lease: Lease
  readonly directory: Directory
  readonly spool: EventSpool
  readonly recordings: RecordingJobs
  readonly rules: Rules
  readonly opening: (now: number) => Opening
  readonly clock: Clock
  readonly meter: VoiceMeter
  readonly log: Logger
  /** The line is no longer ours: another node has it. The process must go. */
  readonly lost: (why: string) => void
}

const beatMs = 1_000

export class Owner {
  readonly #deps: OwnerDeps
  readonly #mirror = new Mirror()
  readonly #saver: Saver
  readonly #conductor: Conductor
  readonly #listener: Listener
  readonly desk: DeskCommands
  #connected = false
  #reconciled = false
  #stopped = false
  /** Events that come while the inventory is being compared; heard right after. */
  #early: PbxEvent[] = []
  #pending: Awaited<ReturnType<LineStore['load']>>['effects'] = []
  #beat: NodeJS.Timeout | undefined
  #members = ''

  constructor(deps: OwnerDeps) {
    this.#deps = deps
    const { clock, meter, log, pbx, directory, rules } = deps
    this.#saver = new Saver({
      store: deps.store,
      spool: deps.spool,
      mirror: this.#mirror,
      clock,
      meter,
      log,
      lost: () => this.#lose('fenced'),
      recovered: () => this.#conductor.dispatch(),
    })
    this.#conductor = new Conductor({
      mirror: this.#mirror,
      saver: this.#saver,
      performer: performer(pbx, deps.recordings, meter, log, () => clock.monotonic()),
      rules,
      clock,
      meter,
      log,
      mayOffer: () => this.takesCalls(),
    })
    this.#listener = new Listener({
      conductor: this.#conductor,
      mirror: this.#mirror,
      directory,
      pbx,
      log,
      admission: () => ({ opening: deps.opening(clock.now()), waiting: this.#mirror.waitingCount() }),
    })
    this.desk = deskCommands({
      conductor: this.#conductor,
      listener: this.#listener,
      mirror: this.#mirror,
      directory,
      clock,
      lineIsHere: () => this.#reconciled,
    })
  }

  /** Whether a call that arrives now would be answered by us. */
  takesCalls(): boolean {
    return this.#reconciled && !this.#stopped && !this.#saver.away && this.#deps.lease.held()
  }

  /** The names of what is missing for that. */
  missing(): string[] {
    const { lease } = this.#deps
    return [
      ...(this.#connected ? [] : ['asterisk']),
      ...(this.#saver.away ? ['redis'] : []),
      ...(lease.held() ? [] : ['lease']),
      ...(this.#connected && !this.#reconciled ? ['reconciliation'] : []),
    ]
  }

  counts(): { readonly waiting: number; readonly calls: number } {
    return { waiting: this.#mirror.waitingCount(), calls: this.#mirror.calls().length }
  }

  /** Resolves when the line is ours and reconciled. */
  async start(): Promise<void> {
    const { lease, store, directory, pbx, clock, log } = this.#deps
    const { fence } = await lease.acquire()
    lease.onLost(() => this.#lose('lease lost'))
    const saved = await store.load()
    this.#mirror.setDirectory(directory.agents(), directory.queues(), clock.now())
    this.#conductor.adopt(saved.calls, saved.agents)
    this.#pending = saved.effects
    log.info({ fence, calls: saved.calls.length, agents: saved.agents.length }, 'line taken')
    directory.onChange(() => this.#directoryChanged())
    const ready = new Promise<void>((resolve) => {
      this.#onReconciled = resolve
    })
    pbx.onEvent((event) => this.#hear(event))
    await pbx.start()
    await ready
    this.#beat = setInterval(() => this.#tick(), beatMs)
    this.#tick()
  }

  async stop(): Promise<void> {
    this.#stopped = true
    clearInterval(this.#beat)
    await this.#conductor.stop()
    this.#saver.stop()
    await this.#deps.pbx.stop()
    await this.#deps.lease.release()
  }

  #onReconciled: () => void = () => {
    // Set by start.
  }

  #hear(event: PbxEvent): void {
    switch (event.type) {
      case 'Connected':
        this.#connected = true
        void this.#reconcile()
        return
      case 'Disconnected':
        this.#connected = false
        this.#reconciled = false
        return
      case 'Replaced':
        this.#lose('another process took the application over')
        return
      case 'CallArrived':
      case 'LegUp':
      case 'LegGone':
      case 'PlaybackEnded':
      case 'BridgeFull':
      case 'LegHeld':
      case 'PhoneChanged':
      case 'OwnCallsChanged':
        if (this.#reconciled) this.#listener.hear(event)
        else this.#early.push(event)
    }
  }

  async #reconcile(): Promise<void> {
    const { pbx, directory, log } = this.#deps
    this.#reconciled = false
    this.#early = []
    try {
      await pbx.applyDirectory(directory.agents())
      await this.#performPending()
      const taken = await pbx.takeOverFallback()
      const inventory = await pbx.inventory()
      const calls = reconcile(inventory, {
        conductor: this.#conductor,
        listener: this.#listener,
        mirror: this.#mirror,
        directory,
      })
      this.#reconciled = true
      log.info({ calls, fromFallback: taken }, 'reconciled')
    } catch (error) {
      // The connection broke meanwhile: the next `Connected` starts over.
      log.warn({ err: error }, 'not reconciled')
      return
    }
    const early = this.#early
    this.#early = []
    for (const event of early) this.#hear(event)
    this.#conductor.watchDeadlines()
    this.#members = ''
    this.#onReconciled()
    this.#tick()
    this.#conductor.dispatch()
  }

  /** What an earlier process had saved but perhaps not done: doing it again does no harm. */
  async #performPending(): Promise<void> {
    const pending = this.#pending
    this.#pending = []
    for (const { commit, effects } of pending) {
      const still = effects.filter(
        (effect) => effect.do !== 'RingAgent' || this.#mirror.callOfOffer(effect.offer) !== undefined,
      )
      await this.#conductor.perform(CallId('pending'), still)
      this.#saver.performed(commit)
    }
  }

  #tick(): void {
    if (!this.#reconciled || this.#stopped) return
    this.#conductor.sweep()
    if (this.takesCalls()) this.#attempt('beat', this.#deps.pbx.beat())
    this.#tellFallback()
  }

  /** The fallback queue rings whoever is at work now, should we be gone. */
  #tellFallback(): void {
    const { directory, pbx } = this.#deps
    const members = directory.agents().flatMap(({ id, username }) => {
      const agent = this.#mirror.agent(id)?.value
      if (agent === undefined || agent.state === 'signed out' || agent.state === 'paused') return []
      const device = reachableDevice(agent.phones)
      return device === null ? [] : [{ username, device }]
    })
    const told = JSON.stringify(members)
    if (told === this.#members) return
    this.#members = told
    this.#attempt('fallback members', pbx.setFallbackMembers(members))
  }

  #directoryChanged(): void {
    const { directory, clock, pbx } = this.#deps
    this.#mirror.setDirectory(directory.agents(), directory.queues(), clock.now())
    if (this.#connected) this.#attempt('directory', pbx.applyDirectory(directory.agents()))
    this.#conductor.dispatch()
  }

  /** Work whose failure the next tick or connect repeats. */
  #attempt(what: string, work: Promise<void>): void {
    work.catch((error: unknown) => this.#deps.log.warn({ err: error }, `${what}: not told to the pbx`))
  }

  #lose(why: string): void {
    if (this.#stopped) return
    this.#stopped = true
    this.#reconciled = false
    clearInterval(this.#beat)
    this.#saver.stop()
    this.#deps.lost(why)
  }
}
