/**
 * Agents with their skills, the configuration of the line, contacts, blocked callers and declared days, held in memory and refreshed on PostgreSQL's
 * notifications. The last good copy is kept under `var/`, so that a start without PostgreSQL takes calls.
 */
import { isDeepStrictEqual } from 'node:util'
import type { Logger } from 'pino'
import { blockAt, blockedNumbersAt } from '../core/blocked-callers/caller-block.ts'
import { noticeSound, type CallerNotice } from '../core/announcements/caller-notice.ts'
import type { Contact } from '../core/contact.ts'
import { lineOf, queueOf, type CityNumber, type Line } from '../core/configuration/line.ts'
import type { MenuTree, SpokenText } from '../core/configuration/menu.ts'
import { pausesOf, type Pauses } from '../core/configuration/pauses.ts'
import type { OutboundSetting } from '../core/configuration/schema.ts'
import { AgentId, type Millis } from '../core/ids.ts'
import type { AgentProfile, Queue } from '../core/queue.ts'
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
  /** Everything that callers may hear in menus and while they wait; notices first, which are wanted now. */
  texts(): readonly SpokenText[]
  /** How many callers' numbers are blocked. */
  blockedNumbers(at: Millis): number
  /** Of any account, not only agents. Null: notifications may have been missed, so any may have changed. */
  onAccountChange(listener: (account: AgentId | null) => void): void
  /** An agent's phone has another secret, or callers are to hear another notice, and nothing that pages show has changed. */
  onUnseenChange(listener: () => void): void
  /** Reads the database now; false when it is away, and the last content stays. */
  refresh(): Promise<boolean>
  stop(): Promise<void>
}

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
  readonly #unseenListeners: (() => void)[] = []
  readonly #accountListeners: ((account: AgentId | null) => void)[] = []
  readonly #stopping = new AbortController()
  #content = emptyContent
  #line: Line = lineOf(emptyContent.configuration)
  #texts: readonly SpokenText[] = []
  #pauses: Pauses = pausesOf(emptyContent.configuration)
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
    return this.#line.queues
  }

  numbers(): readonly CityNumber[] {
    return this.#line.numbers
  }

  pauses(): Pauses {
    return this.#pauses
  }

  outbound(): OutboundSetting | null {
    return this.#content.configuration.outbound ?? null
  }

  contacts(): readonly Contact[] {
    return this.#content.contacts
  }

  declaredDays(): readonly DeclaredDay[] {
    return this.#content.days
  }

  texts(): readonly SpokenText[] {
    return this.#texts
  }

  callerNotices(): readonly CallerNotice[] {
    return this.#content.notices
  }

  blockOf(number: string | null, at: Millis): number | null {
    return blockAt(this.#content.blocks, number, at)
  }

  blockedNumbers(at: Millis): number {
    return blockedNumbersAt(this.#content.blocks, at)
  }

  queueOf(number: string): Queue {
    return queueOf(this.#line, number)
  }

  menuOf(number: string): MenuTree | null {
    return this.#line.numbers.find((one) => one.number === number)?.menu ?? null
  }

  agentByUsername(username: string): AgentProfile | undefined {
    return this.#agentsByUsername.get(username)
  }

  onChange(listener: () => void): void {
    this.#listeners.push(listener)
  }

  onUnseenChange(listener: () => void): void {
    this.#unseenListeners.push(listener)
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
    const before = this.#content
    this.#content = content
    if (!isDeepStrictEqual(content.configuration, before.configuration))
      this.#line = lineOf(content.configuration)
    this.#pauses = pausesOf(content.configuration, content.pauseNames)
    this.#texts = [...noticeTexts(content.notices), ...this.#line.texts]
    this.#agentsByUsername = new Map(content.agents.map((agent) => [agent.username, agent]))
    if (!isDeepStrictEqual(seenByPages(content), seenByPages(before)))
      this.#listeners.forEach((tell) => tell())
    else if (!isDeepStrictEqual(unseen(content), unseen(before)))
      this.#unseenListeners.forEach((tell) => tell())
  }
}

/** Also of those that begin later: their sounds are ready before. */
const noticeTexts = (notices: readonly CallerNotice[]): readonly SpokenText[] =>
  notices
    .toSorted((a, b) => a.from - b.from)
    .map((notice) => ({ sound: noticeSound(notice), language: 'ro', text: notice.text }))

/** A page starts its live feed anew when the directory changes; a phone's secret, a block or a notice to callers concerns none. */
const seenByPages = (content: DirectoryContent): DirectoryContent => ({
  ...content,
  blocks: [],
  notices: [],
  agents: content.agents.map((agent) => ({ ...agent, phoneEpochs: firstEpochs })),
})

/** Blocks act by being asked for. */
const unseen = ({ agents, notices }: DirectoryContent): object => ({ agents, notices })
