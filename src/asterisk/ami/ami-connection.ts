/**
 * A connection to the manager interface that reconnects until stopped. asterisk-manager does not filter line breaks
 * (a value could inject a second action), has no timeouts, does not collect lists, and keeps actions for a dead
 * socket; this file adds all that. Every connection uses a new manager.
 */
import { setTimeout as delay } from 'node:timers/promises'
import manager, { type AmiMessage, type Manager } from 'asterisk-manager'
import type { Logger } from 'pino'
import { Backoff } from '../../repeat.ts'
import { textIn, type Fields } from './fields.ts'

export interface AmiOptions {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string
  readonly log: Logger
  /** False: Asterisk sends no events, only answers and lists. */
  readonly events?: boolean
  /** Asked before every action. Lists are read-only, and always allowed. */
  readonly mayAct?: () => boolean
}

export interface AmiListener {
  /** Logged in; actions may be sent, and events are received from now on. */
  readonly connected: () => void
  readonly disconnected: () => void
  readonly event: (event: Fields) => void
}

/** Asterisk refused the action. */
export class AmiRefusal extends Error {
  override name = 'AmiRefusal'
}
/** No answer: the action may or may not have been executed. */
export class AmiSilence extends Error {
  override name = 'AmiSilence'
}

const actionTimeoutMs = 5_000
const pulseMs = 3_000
const retryFirstMs = 100
const retryMaxMs = 1_000
// oxlint-disable-next-line no-control-regex -- control characters are what is refused.
const controlCharacter = /[\u0000-\u001f\u007f]/

interface Pending {
  readonly items: Fields[]
  /** A list ends with its last event, any other action with its answer. */
  readonly list: boolean
  readonly settle: (outcome: Error | readonly Fields[]) => void
}

export class AmiConnection {
  readonly #options: AmiOptions
  readonly #listener: AmiListener
  readonly #pending = new Map<string, Pending>()
  #manager: Manager | null = null
  #running: AbortController | null = null
  #nextId = 1

  constructor(options: AmiOptions, listener: AmiListener) {
    this.#options = options
    this.#listener = listener
  }

  /** Resolves at the first login; reconnects until stopped. */
  start(): Promise<void> {
    this.stop()
    const running = new AbortController()
    this.#running = running
    return new Promise((resolve) => {
      void this.#keepConnected(running.signal, resolve)
    })
  }

  stop(): void {
    this.#running?.abort()
    this.#running = null
  }

  /** Sends one action; throws `AmiRefusal` or `AmiSilence`. */
  async action(fields: Readonly<Record<string, string>>): Promise<Fields> {
    if (this.#options.mayAct?.() === false) throw new AmiSilence('Nothing may be sent now.')
    const [answer] = await this.#send(fields, false)
    return answer ?? {}
  }

  /** Sends an action that answers with a list and collects the list's events. */
  list(fields: Readonly<Record<string, string>>): Promise<readonly Fields[]> {
    return this.#send(fields, true)
  }

  #send(fields: Readonly<Record<string, string>>, list: boolean): Promise<readonly Fields[]> {
    for (const [key, value] of Object.entries(fields)) {
      if (controlCharacter.test(key) || controlCharacter.test(value))
        return Promise.reject(new AmiRefusal(`${key} holds a control character; nothing was sent.`))
    }
    const connection = this.#manager
    if (connection === null) return Promise.reject(new AmiSilence('AMI is not connected.'))
    const actionid = `linia-${this.#nextId++}`
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => settle(new AmiSilence('AMI did not answer in time.')), actionTimeoutMs)
      const settle = (outcome: Error | readonly Fields[]) => {
        clearTimeout(timer)
        this.#pending.delete(actionid)
        // After a lost answer the library would never remove its listener for this id.
        connection.removeAllListeners(actionid)
        if (outcome instanceof Error) reject(outcome)
        else resolve(outcome)
      }
      this.#pending.set(actionid, { items: [], list, settle })
      connection.action({ ...fields, actionid }, (error, answer) => this.#answered(actionid, error, answer))
    })
  }

  #answered(actionid: string, error: unknown, answer: AmiMessage = {}): void {
    const pending = this.#pending.get(actionid)
    if (pending === undefined) return
    if (error) pending.settle(new AmiRefusal(textIn(answer, 'message') || 'AMI refused.'))
    else if (!pending.list) pending.settle([answer])
  }

  #heard(event: Fields): void {
    const pending = this.#pending.get(textIn(event, 'actionid'))
    if (pending === undefined || !pending.list) this.#listener.event(event)
    else if (textIn(event, 'eventlist').toLowerCase() === 'complete') pending.settle(pending.items)
    else pending.items.push(event)
  }

  async #keepConnected(signal: AbortSignal, firstTime: () => void): Promise<void> {
    const backoff = new Backoff(retryFirstMs, retryMaxMs)
    while (!signal.aborted) {
      try {
        await this.#oneConnection(signal, () => {
          backoff.reset()
          firstTime()
        })
      } catch (error) {
        if (!signal.aborted) this.#options.log.warn({ err: error }, 'AMI is not reachable')
      }
      await backoff.pause(signal)
    }
  }

  /** Resolves when the connection has ended; rejects when it could not be made. */
  async #oneConnection(signal: AbortSignal, connected: () => void): Promise<void> {
    const { host, port, user, password, log } = this.#options
    const connection = manager(null, host, user, password, true)
    const over = new Promise<void>((resolve) => {
      connection.on('close', () => resolve())
      signal.addEventListener('abort', () => connection.disconnect(() => resolve()), { once: true })
    })
    connection.on('managerevent', (event: Fields) => {
      if (this.#manager === connection) this.#heard(event)
    })
    // Before that event many actions do not exist yet.
    const booted = new Promise<void>((resolve) => {
      connection.once('fullybooted', () => resolve())
    })
    try {
      await logIn(connection, { host, port, booted, over })
      signal.throwIfAborted()
      this.#manager = connection
      // Not in the login: the end of Asterisk's start, which it waits for, is an event.
      if (this.#options.events === false) await this.#send({ action: 'Events', eventmask: 'off' }, false)
      log.info('connected to AMI')
      this.#listener.connected()
      connected()
      const pulse = setInterval(() => {
        // A missing answer means a dead socket.
        this.#send({ action: 'Ping' }, false).catch(() =>
          connection.disconnect(() => connection.emit('close')),
        )
      }, pulseMs)
      await over
      clearInterval(pulse)
    } finally {
      connection.disconnect()
      if (this.#manager === connection) {
        this.#manager = null
        log.warn('AMI connection closed')
        for (const pending of this.#pending.values())
          pending.settle(new AmiSilence('The AMI connection closed.'))
        this.#listener.disconnected()
      }
    }
  }
}

interface LogIn {
  readonly host: string
  readonly port: number
  /** Resolves when Asterisk is fully booted. */
  readonly booted: Promise<void>
  readonly over: Promise<void>
}

async function logIn(connection: Manager, { host, port, booted, over }: LogIn): Promise<void> {
  const loggedIn = new Promise<void>((resolve, reject) => {
    connection.connect(port, host, () => {
      connection.login((error) => {
        if (error) reject(new AmiRefusal('AMI refused the login.'))
        else resolve()
      })
    })
  })
  const refused = over.then(() => {
    throw new AmiSilence('AMI closed the connection.')
  })
  const late = delay(actionTimeoutMs, undefined, { ref: false }).then(() => {
    throw new AmiSilence('AMI did not answer the login in time.')
  })
  // The loser of the race may still reject.
  refused.catch(ignore)
  late.catch(ignore)
  await Promise.race([loggedIn.then(() => booted), refused, late])
}

/** For rejections that are reported elsewhere. */
const ignore = (): void => undefined
