/** One server process: its ownership loop on a simulated machine. */
import { pino } from 'pino'
import type { CallId } from '../../../src/core/ids.ts'
import type { CallerNotice } from '../../../src/core/announcements/caller-notice.ts'
import type { MenuTree } from '../../../src/core/configuration/menu.ts'
import type { Opening } from '../../../src/core/opening-hours.ts'
import type { AgentProfile, Queue } from '../../../src/core/queue.ts'
import type { Rules } from '../../../src/core/rules.ts'
import type { AcdKeys } from '../../../src/redis/keys.ts'
import type { Owner } from '../../../src/acd/owner.ts'
import type { Alarm, EventSpool, LastRecorded } from '../../../src/acd/ports.ts'
import { OwnershipLoop } from '../../../src/acd/ownership-loop.ts'
import type { FakeAsterisk } from '../../../test/support/pbx/fake-pbx.ts'
import type { Messages } from '../kernel/messages.ts'
import { Process } from '../kernel/process.ts'
import type { Random } from '../kernel/random.ts'
import type { RedisServer } from '../redis/link.ts'
import type { Schedule } from '../kernel/schedule.ts'
import { SimulatedOwnership } from './ownership.ts'
import type { FaultState } from './fault-state.ts'

/** The environment that all nodes share. */
export interface Site {
  readonly schedule: Schedule
  readonly messages: Messages
  readonly faultState: FaultState
  readonly random: Random
  readonly asterisk: FakeAsterisk
  readonly redis: RedisServer
  readonly keys: AcdKeys
  readonly rules: Rules
  readonly opening: (now: number, number: string) => Opening
  readonly people: {
    readonly agents: AgentProfile[]
    readonly queues: readonly Queue[]
    readonly menu: MenuTree | null
    readonly notices: readonly CallerNotice[]
  }
  /** The disk of a node, which outlives its processes. */
  readonly spoolOf: (node: string) => EventSpool
  /** Last recorded numbers, from the ledger and a node's disk. */
  readonly lastRecorded: (node: string) => LastRecorded
  readonly recorded: (call: CallId) => void
  readonly alarm: (node: string, alarm: Alarm) => void
  /** Receives error lines of a process's log. */
  readonly logged: (node: string, line: string) => void
}

export class Node {
  readonly name: string
  readonly process: Process
  readonly #ownership: OwnershipLoop<SimulatedOwnership>

  constructor(site: Site, name: string) {
    this.name = name
    this.process = new Process(site.schedule, site.messages)
    const log = pino({ level: 'error' }, { write: (line: string) => site.logged(name, line) })
    const open = (again: boolean) => new SimulatedOwnership(site, this.process, name, again)
    this.#ownership = new OwnershipLoop(open, this.process.clock, log)
    this.#ownership.start()
  }

  get owner(): Owner {
    return this.#ownership.current.owner
  }

  /** Token of its lease; '' while it holds none. */
  get token(): string {
    return this.#ownership.current.token()
  }

  /** Whether it is the owner and its state is complete. */
  get ownsLine(): boolean {
    return !this.process.isDead && this.#ownership.current.isOwner() && this.owner.missing().length === 0
  }
  /** Whether it has changes that are not yet in Redis. */
  get isUnsaved(): boolean {
    return this.#ownership.current.isOwner() && this.owner.missing().includes('redis')
  }

  cutPbx(): void {
    this.#ownership.current.cutPbx()
  }
  cutRedis(forMs: number): void {
    this.#ownership.current.cutRedis(forMs)
  }
  directoryChanged(): void {
    this.process.deliver('the directory', () => this.#ownership.current.directoryChanged())
  }
}
