/**
 * Whether the session of a cookie may have a WebSocket of the browser phones. A node answers that. While none does, the
 * sessions that a node admitted before are admitted: the phones must not need the server. Sessions are remembered as
 * digests of their cookies, also across a restart, and are forgotten as soon as a node refuses them.
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { request } from 'node:http'
import type { Logger } from 'pino'
import { writeSecret } from '../config/secret-file.ts'

/** The headers of a node's answer: the account, and when its session ends at the latest (epoch milliseconds). */
export const admissionHeaders = { account: 'linia-account', until: 'linia-session-until' } as const
/** Asked when a session has ended: whether its agent still talks with a caller (`http/session/phone-socket-routes.ts`). */
export const callPath = '/call'

export interface AdmissionsOptions {
  /**
   * One URL for each node: 204 accepts the session of the cookie; 401 and 403 mean that it has ended. With `callPath`
   * after it, 204 means that the call of an ended session may go on.
   */
  readonly nodes: readonly string[]
  /** The remembered sessions; null: they are kept in memory alone. */
  readonly file: string | null
  readonly log: Logger
  readonly now: () => number
}

/** `refused` has the status for the client. */
export type Admission = { readonly account: string } | { readonly refused: string }
/** `unknown`: no node answered. `in call`: ended, but its agent talks with a caller. */
export type SessionState = 'open' | 'in call' | 'ended' | 'unknown'

interface Remembered {
  readonly account: string
  readonly until: number
  /** Only in memory; null: not seen since the restart. */
  readonly cookie: string | null
}

/** How long a session is admitted after a node last accepted it; as long as the nodes themselves admit without PostgreSQL. */
export const rememberedMs = 12 * 3_600_000
/** Each agent has one session or a few. */
const rememberedMax = 5_000
/** Questions at once for sessions that are not remembered; they may be strangers. */
const askedMax = 200
/** Questions at once for one session. */
const askedOfOneMax = 8
const answerWithinMs = 2_000
const saveEveryMs = 1_000

export class Admissions {
  readonly #options: AdmissionsOptions
  readonly #remembered = new Map<string, Remembered>()
  #asked = 0
  readonly #askedOf = new Map<string, number>()
  /** The node that answered last is asked first: one that hangs costs its time-out. */
  #first = 0
  #saving: NodeJS.Timeout | null = null

  constructor(options: AdmissionsOptions) {
    this.#options = options
    this.#load()
  }

  async admit(cookieHeader: string, forwarded: Readonly<Record<string, string>>): Promise<Admission> {
    const cookie = sessionIn(cookieHeader)
    if (cookie === null) return { refused: '401 Unauthorized' }
    const isKnown = this.#known(cookie) !== null
    if (!isKnown && this.#asked >= askedMax) return { refused: '503 Service Unavailable' }
    const askedOf = this.#askedOf.get(cookie) ?? 0
    if (askedOf >= askedOfOneMax) return { refused: '429 Too Many Requests' }
    if (!isKnown) this.#asked += 1
    this.#askedOf.set(cookie, askedOf + 1)
    try {
      const answer = await this.#ask('', cookie, forwarded)
      if (answer === null) {
        const known = this.#known(cookie)
        if (known === null) return { refused: '503 Service Unavailable' }
        this.#remember(cookie, known.account, known.until)
        return { account: known.account }
      }
      this.#note(cookie, answer)
      if (answer.status === 204 && answer.account !== '') return { account: answer.account }
      if (answer.status === 204) return { refused: '502 Bad Gateway' }
      return { refused: `${answer.status} ${answer.text}` }
    } finally {
      if (!isKnown) this.#asked -= 1
      const left = (this.#askedOf.get(cookie) ?? 1) - 1
      if (left > 0) this.#askedOf.set(cookie, left)
      else this.#askedOf.delete(cookie)
    }
  }

  async stateOf(cookie: string): Promise<SessionState> {
    const answer = await this.#ask('', cookie)
    if (answer === null) return 'unknown'
    this.#note(cookie, answer)
    if (answer.status === 204) return 'open'
    // 429: the node has no time for this account now.
    if (answer.status !== 401) return answer.status === 403 ? 'ended' : 'open'
    const call = await this.#ask(callPath, cookie)
    if (call === null) return 'unknown'
    return call.status === 204 ? 'in call' : 'ended'
  }

  /** The remembered sessions, to be asked for again. */
  cookies(): readonly string[] {
    return [...this.#remembered.values()].flatMap(({ cookie }) => (cookie === null ? [] : [cookie]))
  }

  /**
   * A node answers: phones have had time to connect since the restart, so a session from the file that has not is
   * forgotten; nobody could tell when it ends.
   */
  forgetUnseen(): void {
    for (const [digest, { cookie }] of this.#remembered) if (cookie === null) this.#forget(digest)
  }

  /** Writes what is not yet written. */
  async stop(): Promise<void> {
    if (this.#saving === null) return
    clearTimeout(this.#saving)
    await this.#save()
  }

  #known(cookie: string): Remembered | null {
    const digest = digestOf(cookie)
    const known = this.#remembered.get(digest)
    if (known === undefined) return null
    if (known.until > this.#options.now()) return known
    this.#forget(digest)
    return null
  }

  #note(cookie: string, { status, account, until }: Answer): void {
    if (status === 401 || status === 403) this.#forget(digestOf(cookie))
    if (status !== 204 || account === '') return
    const longest = this.#options.now() + rememberedMs
    this.#remember(cookie, account, until === null ? longest : Math.min(until, longest))
  }

  #remember(cookie: string, account: string, until: number): void {
    const digest = digestOf(cookie)
    // Re-inserting makes the map's order the order of use.
    this.#remembered.delete(digest)
    this.#remembered.set(digest, { account, until, cookie })
    const [oldest] = this.#remembered.keys()
    if (this.#remembered.size > rememberedMax && oldest !== undefined) this.#remembered.delete(oldest)
    this.#changed()
  }

  #forget(digest: string): void {
    if (this.#remembered.delete(digest)) this.#changed()
  }

  /** Null: no node answered. An answer about anything but the session (the node's own trouble) is none. */
  async #ask(
    path: string,
    cookie: string,
    forwarded: Readonly<Record<string, string>> = {},
  ): Promise<Answer | null> {
    const { nodes } = this.#options
    for (let tried = 0; tried < nodes.length; tried += 1) {
      const at = (this.#first + tried) % nodes.length
      const answer = await answerOf(`${nodes[at]}${path}`, { ...forwarded, cookie })
      if (answer === null || answer.status >= 500) continue
      this.#first = at
      return answer
    }
    return null
  }

  #changed(): void {
    if (this.#options.file === null || this.#saving !== null) return
    this.#saving = setTimeout(() => void this.#save(), saveEveryMs)
    this.#saving.unref()
  }

  async #save(): Promise<void> {
    this.#saving = null
    const { file, log } = this.#options
    if (file === null) return
    const sessions = [...this.#remembered].map(([digest, { account, until }]) => ({ digest, account, until }))
    try {
      await writeSecret(file, JSON.stringify({ sessions }))
    } catch (err) {
      log.warn({ err }, 'the admitted sessions could not be saved: after a restart a node must answer first')
    }
  }

  #load(): void {
    const { file, log, now } = this.#options
    if (file === null) return
    try {
      const kept = JSON.parse(readFileSync(file, 'utf8')) as { readonly sessions?: unknown }
      if (!Array.isArray(kept.sessions)) throw new Error('it has no list of sessions')
      for (const one of kept.sessions.slice(-rememberedMax)) {
        const { digest, account, until } = one as Readonly<Record<string, unknown>>
        if (typeof digest !== 'string' || typeof account !== 'string' || typeof until !== 'number') continue
        // A clock that was set back since must not lengthen a session.
        if (until > now() && until <= now() + rememberedMs)
          this.#remembered.set(digest, { account, until, cookie: null })
      }
    } catch (err) {
      if (err instanceof Error && 'code' in err && err.code === 'ENOENT') return
      log.warn({ err }, 'the admitted sessions cannot be read: a node must answer first')
    }
  }
}

/** The session's cookie with its name, which over HTTPS has a prefix (`http/session/cookie-names.ts`). */
function sessionIn(cookieHeader: string): string | null {
  const all = cookieHeader.split(';').map((one) => one.trim())
  return all.find((one) => /^__Host-linia=./.test(one)) ?? all.find((one) => /^linia=./.test(one)) ?? null
}

/** The session that a `Cookie` header has, for later questions; '' for none. */
export const sessionCookieIn = (cookieHeader: string): string => sessionIn(cookieHeader) ?? ''

const digestOf = (cookie: string): string => createHash('sha256').update(cookie, 'utf8').digest('base64url')

interface Answer {
  readonly status: number
  readonly text: string
  readonly account: string
  readonly until: number | null
}

function answerOf(url: string, headers: Readonly<Record<string, string>>): Promise<Answer | null> {
  return new Promise((resolve) => {
    const asked = request(url, { headers, agent: false, timeout: answerWithinMs }, (response) => {
      response.resume()
      const { [admissionHeaders.account]: account, [admissionHeaders.until]: until } = response.headers
      const end = typeof until === 'string' ? Number(until) : Number.NaN
      resolve({
        status: response.statusCode ?? 0,
        text: response.statusMessage ?? '',
        account: typeof account === 'string' ? account : '',
        until: Number.isFinite(end) ? end : null,
      })
    })
    // The time-out is one of silence.
    const late = setTimeout(() => asked.destroy(), answerWithinMs)
    asked.on('timeout', () => asked.destroy())
    asked.on('close', () => {
      clearTimeout(late)
      resolve(null)
    })
    asked.on('error', () => undefined)
    asked.end()
  })
}
