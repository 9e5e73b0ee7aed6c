/**
 * The owner of one Asterisk: takes the lease, loads the saved state, connects, reconciles, then matches callers and
 * agents. Sends the dialplan a heartbeat each second while it takes calls.
 */
import type { Logger } from 'pino'
import { roomFor } from '../core/call-arrival.ts'
import type { Opening } from '../core/opening-hours.ts'
import { callOutRules } from '../core/configuration/outbound.ts'
import { allowedToAnybody, cityLine } from '../core/phone-number.ts'
import type { Rules } from '../core/rules.ts'
import { callerLegOf, type CallId, type Millis } from '../core/ids.ts'
import { Announcer } from './announcements/announcer.ts'
import { Audit } from './audit.ts'
import { callbacksNow } from './callbacks/due.ts'
import { pageCallbacks } from './callbacks/from-page.ts'
import { PeriodicTasks } from './periodic-tasks.ts'
import { Conductor } from './conductor.ts'
import { desk, type OwnDesk } from './desk/desk.ts'
import { FallbackMembers } from './fallback-members.ts'
import { signOutRemovedAgents } from './removed-agents.ts'
import { PbxEventHandler } from './pbx-events.ts'
import { AcdState } from './acd-state.ts'
import { performer } from './perform.ts'
import type {
  AcdContent,
  Clock,
  Directory,
  EventSpool,
  Inventory,
  LastRecorded,
  Lease,
  AcdStore,
  PageCallbacks,
  Pbx,
  PbxEvent,
  RecordingJobs,
  AcdMeter,
} from './ports.ts'
import { overflow } from './queues/overflow.ts'
import { handOn } from './queues/removed-queues.ts'
import { PbxReachability } from './pbx-reachability.ts'
import { differences, reconcile, type ReconcileDeps, type Unseen } from './reconcile.ts'
import { StateWriter } from './state-writer.ts'
import { isStillPending } from './pending-effects.ts'

/** A reconciliation that failed while connected is retried after this. */
const retryMs = 1_000

export interface OwnerDeps {
  readonly pbx: Pbx
  readonly store: AcdStore
  readonly lease: Lease
  readonly directory: Directory
  readonly spool: EventSpool
  /** Never fails, and answers within a bound; sources that cannot be reached are left out. */
  readonly lastRecorded: () => Promise<LastRecorded>
  readonly recordings: RecordingJobs
  readonly rules: Rules
  /** Whether one of the city's numbers is open. */
  readonly opening: (now: number, number: string) => Opening
  /** Whether a sentence of an announcement can be heard. */
  readonly hasSound: (sound: string) => boolean
  readonly clock: Clock
  /** Makes a unique id. */
  readonly newId: () => string
  readonly meter: AcdMeter
  readonly log: Logger
  /** The lease is lost: this owner is done, and has to be stopped. */
  readonly lost: (why: string) => void
  /** When the tasks of each second run next, if not a second later. */
  readonly nextSecond?: (wake: () => void) => () => void
}

export class Owner {
  readonly #deps: OwnerDeps
  readonly #acdState = new AcdState()
  readonly #stateWriter: StateWriter
  readonly #conductor: Conductor
  readonly #pbxEvents: PbxEventHandler
  readonly desk: OwnDesk
  readonly pageCallbacks: PageCallbacks
  /** This owner's state, to read. */
  readonly line: Pick<AcdState, 'call' | 'agent' | 'calls' | 'agents'> = this.#acdState
  #connected = false
  #reconciled = false
  #stopped = false
  #lost = false
  /** The time in which ends of calls may have been missed; null: none. */
  #unseen: Unseen | null = null
  /** Counts connections and disconnections, so that results of an earlier connection are recognised. */
  #connection = 0
  /** Events that come while the inventory is being compared; handled right after. */
  #early: PbxEvent[] = []
  /** The state that is compared with Asterisk. */
  readonly #reconcileDeps: ReconcileDeps
  readonly #members: FallbackMembers
  readonly #periodicTasks: PeriodicTasks
  readonly #reachability: PbxReachability

  constructor(deps: OwnerDeps) {
    this.#deps = deps
    const { clock, meter, log, pbx, directory, rules } = deps
    this.#stateWriter = new StateWriter({
      store: deps.store,
      spool: deps.spool,
      acdState: this.#acdState,
      clock,
      meter,
      log,
      lost: () => this.#lose('fenced'),
      recovered: () => this.#conductor.dispatch(),
    })
    this.#conductor = new Conductor({
      acdState: this.#acdState,
      stateWriter: this.#stateWriter,
      performer: performer(pbx, deps.recordings, meter, log, () => clock.monotonic()),
      rules,
      clock,
      newId: deps.newId,
      meter,
      log,
      mayOffer: () => this.takesCalls(),
      mayReconnect: () => this.#lineIsHere(),
      mayPerform: () => this.#mayAct(),
    })
    const admission = (number: string) => ({
      opening: deps.opening(clock.wall(), number),
      ...this.#acdState.crowd(),
    })
    this.#pbxEvents = new PbxEventHandler({
      ...deps,
      conductor: this.#conductor,
      acdState: this.#acdState,
      admission,
      transferAsked: (asked) => this.desk.transferAsked(asked),
      secondLine: (line) => this.desk.secondLine(line),
    })
    this.#reconcileDeps = {
      conductor: this.#conductor,
      pbxEvents: this.#pbxEvents,
      acdState: this.#acdState,
      directory,
    }
    this.#members = new FallbackMembers(pbx, this.#acdState, directory)
    const announcer = new Announcer({
      ...deps,
      acdState: this.#acdState,
      conductor: this.#conductor,
      mayAnnounce: () => this.takesCalls() && !this.#conductor.isStrained(),
    })
    this.#periodicTasks = new PeriodicTasks({
      ...deps,
      members: this.#members,
      audit: new Audit({
        pbx: { inventory: () => this.#inventory() },
        clock,
        differences: (inventory) => differences(inventory, this.#reconcileDeps),
        connection: () => this.#connection,
      }),
      sweep: () => {
        this.#lookForCallbacks()
        this.#conductor.sweep()
        this.#pbxEvents.sweep()
        handOn(this.#acdState, directory, this.#conductor)
        overflow({ ...this.#reconcileDeps, ...deps, takesCalls: () => this.takesCalls() })
        announcer.sweep()
        void this.#repeatUndone()
      },
      reconciled: () => this.#reconciled && !this.#stopped,
      mayServe: () => this.#mayServe(),
      mayAct: () => this.#mayAct(),
      room: (isStrained) => {
        const numbers = directory.numbers().map(({ number }) => number)
        const open = numbers.map(admission).find(({ opening }) => opening.open)
        return roomFor(open ?? admission(numbers[0] ?? cityLine), rules, isStrained)
      },
      isStrained: this.#conductor.isStrained,
    })
    this.desk = desk({
      conductor: this.#conductor,
      acdState: this.#acdState,
      directory,
      hasSound: deps.hasSound,
      clock,
      rules,
      pbx: pbx.name,
      lineIsHere: () => this.#lineIsHere(),
      mayOffer: () => this.takesCalls(),
    })
    this.pageCallbacks = pageCallbacks({
      ...deps,
      conductor: this.#conductor,
      acdState: this.#acdState,
      pbx: pbx.name,
      takesCalls: () => this.takesCalls(),
    })
    const giveUp = () => this.#lose('another node reaches the pbx, and this one does not')
    this.#reachability = new PbxReachability({ pbx, lease: deps.lease, clock, giveUp })
  }

  /**
   * Whether a command may be sent: while the lease is surely held. While Redis is away, calls must still be connected
   * and torn down; another owner would have taken the PBX's application from this node.
   */
  #mayAct(): boolean {
    const { lease, pbx } = this.#deps
    return !this.#lost && (lease.held() || (lease.away() && pbx.isOurs()))
  }

  /** Whether the calls are this node's, and it can act on them. */
  #lineIsHere(): boolean {
    return this.#reconciled && this.#mayAct()
  }

  /** Whether a call that arrives now would be answered by us. */
  takesCalls(): boolean {
    return this.#mayServe() && !this.#periodicTasks.fallbackServes()
  }

  /** The same, except that callers in the fallback queue may have to be taken back first. */
  #mayServe(): boolean {
    return this.#reconciled && !this.#stopped && !this.#stateWriter.away && this.#deps.lease.held()
  }

  /** The names of the parts that are missing for that. */
  missing(): string[] {
    const { lease } = this.#deps
    return [
      ...(this.#connected ? [] : ['asterisk']),
      ...(this.#stateWriter.away ? ['redis'] : []),
      ...(lease.held() ? [] : ['lease']),
      ...(this.#connected && (!this.#reconciled || this.#periodicTasks.fallbackServes())
        ? ['reconciliation']
        : []),
    ]
  }

  /** Resolves when the lease is held and the state is reconciled. */
  async start(): Promise<void> {
    const { lease, store, directory, pbx, clock, log } = this.#deps
    const { fence, lastSeenAt } = await lease.acquire()
    lease.onLost(() => this.#lose('lease lost'))
    lease.recordSeen(() => (this.#reconciled && !this.#stateWriter.away ? clock.now() : null))
    const [saved, recorded] = await Promise.all([store.load(), this.#deps.lastRecorded()])
    this.#acdState.setDirectory(directory.agents(), directory.queues(), clock.now())
    this.#acdState.continueFrom(recorded)
    this.#conductor.adopt(saved.calls, saved.agents, saved.effects)
    this.#unseen = { since: lastSignOfLife(saved, lastSeenAt), byThisOwner: false }
    this.#stateWriter.begin(saved.effects)
    log.info({ fence, calls: saved.calls.length, agents: saved.agents.length }, 'line taken')
    directory.onChange(() => this.#directoryChanged())
    const ready = new Promise<void>((resolve) => {
      this.#onReconciled = resolve
    })
    pbx.onEvent((event) => this.#hear(event))
    this.#reachability.watch()
    await pbx.start(() => this.#mayAct())
    await ready
    if (!this.#stopped) this.#periodicTasks.start()
  }

  /** Does this work on the PBX now, and again each second until it succeeds. */
  owe(what: string, work: () => Promise<void>): void {
    this.#periodicTasks.owe(what, work)
  }

  async stop(): Promise<void> {
    const { pbx, lease } = this.#deps
    this.#halt()
    // After a lost lease there is nothing to finish, and the next owner must not wait.
    if (this.#lost) await Promise.all([pbx.stop(), lease.release()])
    await this.#conductor.stop()
    this.#stateWriter.stop()
    await pbx.stop()
    await lease.release()
  }

  /** Set by `start`. */
  #onReconciled: () => void = () => undefined

  #hear(event: PbxEvent): void {
    switch (event.type) {
      case 'Connected':
        this.#connected = true
        this.#early = []
        void this.#reconcile()
        return
      case 'Disconnected':
        this.#connected = false
        if (this.#reconciled) this.#unseen = { since: this.#deps.clock.now(), byThisOwner: true }
        this.#reconciled = false
        this.#connection += 1
        return
      case 'Replaced':
        this.#lose('another process took the application over')
        return
      case 'CallArrived':
      case 'CallerTaken':
      case 'LegUp':
      case 'CallerUp':
      case 'LegGone':
      case 'PlaybackEnded':
      case 'KeyPressed':
      case 'BridgeFull':
      case 'LegHeld':
      case 'TransferAsked':
      case 'SecondLine':
      case 'PhoneChanged':
      case 'OwnCallsChanged':
      case 'EmergencyDialled':
        if (this.#reconciled) this.#listen(event)
        else this.#early.push(event)
    }
  }

  /** An event whose handling throws must not keep the others from being handled. */
  #listen(event: Parameters<PbxEventHandler['handle']>[0]): void {
    try {
      this.#pbxEvents.handle(event)
    } catch (error) {
      this.#deps.meter.alarm('event not taken')
      this.#deps.log.error({ err: error, event: event.type }, 'event not taken')
      if (event.type !== 'CallArrived') return
      // Congestion tone instead of endless silence.
      const channel = callerLegOf(event.call)
      void this.#conductor.perform(event.call, [{ do: 'HangUp', channel, as: 'congestion' }])
    }
  }

  #inventory(): Promise<Inventory> {
    return this.#deps.pbx.inventory((call) => this.#acdState.call(call) !== undefined)
  }

  async #reconcile(): Promise<void> {
    const { directory, clock, log } = this.#deps
    this.#reconciled = false
    this.#connection += 1
    const connection = this.#connection
    try {
      await this.#applyDirectory()
      await this.#repeatUndone()
      const taken = await this.#members.takeBack()
      const inventory = await this.#inventory()
      // A newer connection has its own reconciliation: this inventory is too old.
      if (connection !== this.#connection || this.#stopped) return
      const calls = reconcile(inventory, this.#arriving(), this.#unseen, this.#reconcileDeps)
      // No offer is made before: a callback whose time has come is ahead of whoever came later.
      this.#lookForCallbacks()
      this.#reconciled = true
      this.#unseen = null
      this.#periodicTasks.tookBack()
      log.info({ calls, fromFallback: taken }, 'reconciled')
    } catch (error) {
      log.warn({ err: error }, 'not reconciled')
      // If the connection broke meanwhile, the next `Connected` starts over.
      clock.after(retryMs, () => {
        if (connection === this.#connection && !this.#stopped) void this.#reconcile()
      })
      return
    }
    for (const event of this.#early.splice(0)) this.#hear(event)
    this.#conductor.watchDeadlines()
    // An empty directory means that the people could not be read.
    if (directory.agents().length > 0) signOutRemovedAgents(this.#conductor, this.#acdState, this.#deps)
    this.#onReconciled()
    this.#periodicTasks.now()
    this.#conductor.dispatch()
  }

  #lookForCallbacks(): void {
    callbacksNow(this.#reconcileDeps, this.#deps)
  }

  #arriving(): ReadonlySet<CallId> {
    return new Set(this.#early.flatMap((event) => (event.type === 'CallArrived' ? [event.call] : [])))
  }

  /** Repeats effects that were saved but perhaps not performed, by an earlier process or while the PBX was away. */
  #repeatUndone(): Promise<void> {
    return this.#conductor.repeatUndone((effect) => isStillPending(effect, this.#acdState))
  }

  #applyDirectory(): Promise<void> {
    const { directory, pbx, rules } = this.#deps
    const callable = allowedToAnybody(callOutRules(directory.outbound(), rules.callOut))
    return pbx.applyDirectory(directory.agents(), directory.contacts(), callable)
  }

  #directoryChanged(): void {
    const { directory, clock } = this.#deps
    this.#acdState.setDirectory(directory.agents(), directory.queues(), clock.now())
    if (this.#connected) this.#periodicTasks.owe('directory', () => this.#applyDirectory())
    if (this.#reconciled) signOutRemovedAgents(this.#conductor, this.#acdState, this.#deps)
    this.#conductor.dispatch()
  }

  #lose(why: string): void {
    if (this.#stopped) return
    this.#halt()
    this.#lost = true
    this.#reconciled = false
    this.#stateWriter.lose()
    this.#deps.lost(why)
  }

  #halt(): void {
    this.#stopped = true
    this.#periodicTasks.stop()
    this.#reachability.stop()
  }
}

/** The latest moment at which an owner surely saw the calls: the last one recorded, or its last change. */
function lastSignOfLife({ calls, agents }: AcdContent, lastSeenAt: Millis | null): Millis {
  const changes = [...calls.map(({ call }) => call.since), ...agents.map(({ agent }) => agent.since)]
  return changes.reduce((latest, at) => Math.max(latest, at), lastSeenAt ?? 0)
}
