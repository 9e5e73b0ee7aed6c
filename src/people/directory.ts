/**
 * Agents, queues, the queue of each dialled number, and declared days, held in memory and refreshed on PostgreSQL's
 * notifications. The last good copy is kept under `var/`, so that a start without PostgreSQL takes calls.
 */
import { isDeepStrictEqual } from 'node:util'
import type { Logger } from 'pino'
import { AgentId, QueueId } from '../core/ids.ts'
import { newQueue, type AgentProfile, type Queue } from '../core/queue.ts'
import type { Database } from '../ledger/database.ts'
import { watchChannel } from '../ledger/notifications.ts'
import type { Directory } from '../acd/ports.ts'
import { firstEpochs } from './phone-epochs.ts'
import type { DeclaredDay } from './declared-days.ts'
import { emptyContent, readContent, readCopy, writeCopy, type DirectoryContent } from './directory-content.ts'

export interface DirectoryOptions {
  readonly db: Database
  /** URL of the same database, for a connection that listens. */
  readonly databaseUrl: string
  /** File of the last good copy; no other process may write it. */
  readonly copyFile: string
  readonly log: Logger
  readonly refreshMs?: number
}

export interface LiveDirectory extends Directory {
  declaredDays(): readonly DeclaredDay[]
  /** Of any account, not only agents. Null: notifications may have been missed, so any may have changed. */
  onAccountChange(listener: (account: AgentId | null) => void): void
  /** An agent's phone has another secret, and nothing else has changed. */
  onPhoneSecret(listener: () => void): void
  /** Reads the database now; false when it is away, and the last content stays. */
  refresh(): Promise<boolean>
  stop(): Promise<void>
}

/** Calls must be taken even before a queue is configured. */
const lastResort = newQueue(QueueId('general'), 'Informații generale')

/**
 * Resolves with the database's content, or the last good copy when the database is away, or empty without either.
 */
export async function openDirectory(options: DirectoryOptions): Promise<LiveDirectory> {
  const directory = new DatabaseDirectory(options)
  await directory.start()
  return directory
}

class DatabaseDirectory implements LiveDirectory {
  readonly #options: DirectoryOptions
  readonly #listeners: (() => void)[] = []
  readonly #phoneListeners: (() => void)[] = []
  readonly #accountListeners: ((account: AgentId | null) => void)[] = []
  readonly #stopping = new AbortController()
  #content = emptyContent
  #agentsByUsername = new Map<string, AgentProfile>()
  #watching: Promise<void> = Promise.resolve()
  #away = false

  constructor(options: DirectoryOptions) {
    this.#options = options
  }

  async start(): Promise<void> {
    const { databaseUrl, log, refreshMs = 30_000 } = this.#options
    if (!(await this.refresh())) await this.#useCopy()
    const signal = this.#stopping.signal
    const heard = (word: string | null) => {
      const account = word === null ? null : AgentId(word)
      for (const listener of this.#accountListeners) listener(account)
    }
    const beside = { channel: 'accounts', heard } as const
    this.#watching = watchChannel(
      { databaseUrl, channel: 'directory', beside, signal, log, everyMs: refreshMs },
      () => this.refresh(),
    )
  }

  agents(): readonly AgentProfile[] {
    return this.#content.agents
  }

  queues(): readonly Queue[] {
    return this.#content.queues
  }

  declaredDays(): readonly DeclaredDay[] {
    return this.#content.days
  }

  queueOf(line: string): Queue {
    const { queues, lines } = this.#content
    const bound = queues.find((queue) => queue.id === lines.get(line))
    return bound ?? queues.find((queue) => queue.id === lastResort.id) ?? queues[0] ?? lastResort
  }

  agentByUsername(username: string): AgentProfile | undefined {
    return this.#agentsByUsername.get(username)
  }

  onChange(listener: () => void): void {
    this.#listeners.push(listener)
  }

  onPhoneSecret(listener: () => void): void {
    this.#phoneListeners.push(listener)
  }

  onAccountChange(listener: (account: AgentId | null) => void): void {
    this.#accountListeners.push(listener)
  }

  async refresh(): Promise<boolean> {
    if (this.#stopping.signal.aborted) return false
    const { db, copyFile, log } = this.#options
    let content: DirectoryContent
    try {
      content = await readContent(db)
    } catch (err) {
      if (!this.#away) log.warn({ err }, 'agents and queues cannot be read; the last content stays')
      this.#away = true
      return false
    }
    this.#away = false
    if (isDeepStrictEqual(content, this.#content)) return true
    this.#take(content)
    await writeCopy(copyFile, content).catch((err: unknown) =>
      log.error({ err }, 'the copy of agents and queues was not written'),
    )
    return true
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#watching
  }

  async #useCopy(): Promise<void> {
    const { copyFile, log } = this.#options
    const copy = await readCopy(copyFile).catch((err: unknown) => {
      log.error({ err }, 'the last good copy of agents and queues is not readable')
      return null
    })
    if (copy !== null) this.#take(copy)
    log.warn({ agents: copy?.agents.length ?? 0 }, 'agents and queues are read from the last good copy')
  }

  #take(content: DirectoryContent): void {
    const onlySecrets = isDeepStrictEqual(withoutEpochs(content), withoutEpochs(this.#content))
    this.#content = content
    this.#agentsByUsername = new Map(content.agents.map((agent) => [agent.username, agent]))
    for (const listener of onlySecrets ? this.#phoneListeners : this.#listeners) listener()
  }
}

/** A page starts its live feed anew when the directory changes; a phone's secret concerns none. */
const withoutEpochs = (content: DirectoryContent): DirectoryContent => ({
  ...content,
  agents: content.agents.map((agent) => ({ ...agent, phoneEpochs: firstEpochs })),
})
