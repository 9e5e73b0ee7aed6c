/** A client session with the HTTP API. */
import type { Consult } from '../../src/http/consult/wire.ts'
import type { CallAction, Me, SetState } from '../../src/http/session/wire.ts'
import type { TransferCall } from '../../src/http/transfer/wire.ts'
import type { WrapUpForm } from '../../src/http/calls/wire.ts'
import type { Static } from 'typebox'

/** The API refused a request; `code` is its stable code. */
export class ApiRefused extends Error {
  override name = 'ApiRefused'
  readonly status: number
  readonly code: string
  constructor(what: string, status: number, code: string, detail: string) {
    super(`${what}: ${status} ${detail}`)
    this.status = status
    this.code = code
  }
}

/** Tolerates these refusals: what was asked for is over, or is not allowed. @throws anything else. */
export function unlessRefused(error: unknown, ...statuses: readonly number[]): void {
  if (!(error instanceof ApiRefused && statuses.includes(error.status))) throw error
}

const answerMs = 15_000

export class Api {
  readonly #url: string
  #cookie = ''

  constructor(url: string) {
    this.#url = url
  }

  async signIn(account: { readonly username: string; readonly password: string }): Promise<Me> {
    const { username, password } = account
    return (await (await this.ask('POST', '/api/session', { username, password })).json()) as Me
  }

  /** Ends the session and signs an agent out of the ACD. */
  async signOut(): Promise<void> {
    await this.ask('DELETE', '/api/session')
  }

  async setState(state: Static<typeof SetState>): Promise<void> {
    await this.ask('PUT', '/api/me/state', state)
  }

  async act(action: Static<typeof CallAction>['action']): Promise<void> {
    await this.ask('POST', '/api/me/call', { action })
  }

  /** Sends the present caller on. */
  async transfer(to: TransferCall['to']): Promise<void> {
    await this.ask('POST', '/api/me/transfer', { to })
  }

  /** Asks a colleague about the present call. */
  async consult(to: Consult['to']): Promise<void> {
    await this.ask('POST', '/api/me/consult', { to })
  }

  async wrapUp(callId: string, form: WrapUpForm): Promise<void> {
    await this.ask('PUT', `/api/calls/${encodeURIComponent(callId)}/wrap-up`, form)
  }

  /** Headers for requests made elsewhere. */
  headers(): Record<string, string> {
    return this.#cookie === '' ? {} : { cookie: this.#cookie }
  }

  async get<Answer>(path: string): Promise<Answer> {
    return (await (await this.ask('GET', path)).json()) as Answer
  }

  /** @throws {ApiRefused} for any answer that is not 2xx. */
  async ask(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<Response> {
    const response = await fetch(`${this.#url}${path}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...this.headers(),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: signal ?? AbortSignal.timeout(answerMs),
    })
    const set = response.headers.getSetCookie().map((each) => each.split(';')[0])
    if (set.length > 0) this.#cookie = set.join('; ')
    if (response.ok) return response
    const problem = (await response.json().catch(() => ({}))) as {
      code?: string
      detail?: string
      title?: string
    }
    const detail = problem.detail ?? problem.title ?? ''
    throw new ApiRefused(`${method} ${path}`, response.status, problem.code ?? '', detail)
  }
}
