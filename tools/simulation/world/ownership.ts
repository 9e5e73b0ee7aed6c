/** Ownership of a simulated node: wired as in `src/ownership.ts`, with simulated connections. */
import { usualPauses } from '../../../src/core/configuration/pauses.ts'
import { blockedCaller } from './simulated-callers.ts'
import { hasSound, wordsOf } from './own-words.ts'
import { contacts } from './simulated-externals.ts'
import { pino } from 'pino'
import { closedNumber, eveningNumber, graces, morningNumber } from '../scenario.ts'
import { redisLease, type RedisLease } from '../../../src/redis/lease.ts'
import { redisAcdStore } from '../../../src/redis/store.ts'
import { Owner } from '../../../src/acd/owner.ts'
import type { Directory } from '../../../src/acd/ports.ts'
import type { Ownership } from '../../../src/acd/ownership-loop.ts'
import type { Site } from './node.ts'
import { PbxLink } from './pbx-link.ts'
import type { Process } from '../kernel/process.ts'
import { RedisLink } from '../redis/link.ts'

const leaseAnswerMs = 400
const lineAnswerMs = 1_000

export class SimulatedOwnership implements Ownership {
  readonly owner: Owner
  readonly redis: { readonly lease: RedisLink; readonly line: RedisLink }
  readonly #lease: RedisLease
  #pbx: PbxLink | null = null
  readonly #over = Promise.withResolvers<string>()
  #closing: Promise<void> | null = null
  #directoryChanged: () => void = () => undefined

  constructor(site: Site, process: Process, node: string, again: boolean) {
    const { schedule, random, faultState, asterisk, keys } = site
    const deps = { process, schedule, random, faultState, server: site.redis }
    this.redis = {
      lease: new RedisLink({ ...deps, commandTimeoutMs: leaseAnswerMs }),
      line: new RedisLink({ ...deps, commandTimeoutMs: lineAnswerMs }),
    }
    const { clock } = process
    const able = () => asterisk.isAlive
    this.#lease = redisLease(this.redis.lease, keys, { node, clock, able, again })
    let ids = 0
    this.owner = new Owner({
      pbx: asterisk.adapter((adapter) => {
        this.#pbx = new PbxLink(adapter, { ...deps, asterisk })
        return this.#pbx
      }),
      store: redisAcdStore(this.redis.line, keys, () => this.#lease.token()),
      lease: this.#lease,
      directory: this.#directory(site),
      spool: site.spoolOf(node),
      lastRecorded: () => Promise.resolve(site.lastRecorded(node)),
      recordings: {
        finish: (call) => {
          site.recorded(call)
          return Promise.resolve()
        },
      },
      rules: site.rules,
      opening: site.opening,
      hasSound,
      clock,
      newId: () => `${node}-${schedule.steps}-${++ids}`,
      meter: {
        committed: () => undefined,
        performed: () => undefined,
        alarm: (alarm) => site.alarm(node, alarm),
      },
      log: pino({ level: 'error' }, { write: (line: string) => site.logged(node, line) }),
      lost: (why) => this.#over.resolve(why),
    })
  }

  token(): string {
    return this.#lease.token()
  }
  isOwner(): boolean {
    return this.#lease.token() !== '' && this.#closing === null
  }
  holder(): string | null {
    return this.#lease.holder()
  }

  serve(): Promise<string> {
    const start = () => {
      this.owner.start().catch((error: unknown) => {
        this.#over.resolve(String(error))
      })
    }
    if (this.redis.line.status === 'ready') start()
    else this.redis.line.once('ready', start)
    return this.#over.promise
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    await this.owner.stop()
    this.redis.lease.disconnect()
    this.redis.line.disconnect()
  }

  cutPbx(): void {
    this.#pbx?.cut()
  }
  cutRedis(forMs: number): void {
    this.redis.lease.cut(forMs)
    this.redis.line.cut(forMs)
  }
  directoryChanged(): void {
    this.#directoryChanged()
  }

  #directory({ people }: Site): Directory {
    return {
      agents: () => people.agents,
      queues: () => people.queues,
      pauses: () => ({ offered: usualPauses, former: [] }),
      outbound: () => null,
      contacts: () => contacts,
      callerNotices: () => people.notices,
      blockOf: (number) => (number === blockedCaller ? 1 : null),
      numbers: () =>
        [closedNumber, eveningNumber, morningNumber, ...people.queues.map(({ id }) => id)].map((number) => ({
          number,
          also: [],
          queue: people.queues.find(({ id }) => id === number)?.id ?? people.queues[0]!.id,
          hours: null,
          menu: null,
          closed: number === closedNumber ? 'voicemail' : number === eveningNumber ? 'callback' : 'message',
          answer: null,
          closingGraceMs: graces[number] ?? null,
          words: wordsOf(number),
        })),
      queueOf: (line) => {
        const queue = people.queues.find(({ id }) => id === line) ?? people.queues[0]
        if (queue === undefined) throw new Error('a line without a queue')
        return queue
      },
      menuOf: (line) => (line === eveningNumber || line === morningNumber ? null : people.menu),
      agentByUsername: (username) => people.agents.find((agent) => agent.username === username),
      onChange: (listener) => {
        this.#directoryChanged = listener
      },
    }
  }
}
