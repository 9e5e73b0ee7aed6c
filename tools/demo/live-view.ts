/** Client of the live feed (`GET /api/live`): a snapshot, then changes. */
import { setTimeout as delay } from 'node:timers/promises'
import type { AgentView } from '../../src/http/agents/wire.ts'
import type { LiveCallView, LiveEvents, Today } from '../../src/http/live/wire.ts'
import type { Api } from './api.ts'

const againMs = 1000

export class LiveView {
  readonly agents = new Map<string, AgentView>()
  readonly calls = new Map<string, LiveCallView>()
  /** Null before the first snapshot. */
  today: Today | null = null
  readonly #listeners = new Set<() => void>()
  readonly #abort = new AbortController()
  readonly #first = Promise.withResolvers<void>()
  #following: Promise<void> | null = null

  /** Resolves at the first snapshot. Keeps following until `stop`, across restarts of the server. */
  async follow(api: Api): Promise<void> {
    this.#following = this.#keepFollowing(api)
    await this.#first.promise
  }

  /** Called after each change. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Waits until the condition holds; false after the bound. */
  async until(holds: (view: this) => boolean, boundMs: number): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>()
    const check = (): void => {
      if (holds(this)) resolve(true)
    }
    const off = this.onChange(check)
    const timer = setTimeout(() => resolve(false), boundMs)
    check()
    try {
      return await promise
    } finally {
      off()
      clearTimeout(timer)
    }
  }

  async stop(): Promise<void> {
    this.#abort.abort()
    await this.#following
  }

  async #keepFollowing(api: Api): Promise<void> {
    const { signal } = this.#abort
    while (!signal.aborted) {
      try {
        const response = await api.ask('GET', '/api/live', undefined, signal)
        if (response.body !== null) await this.#read(response.body)
      } catch (error) {
        // The server restarts, or `stop` was called.
        if (!(error instanceof Error)) throw error
      }
      if (!signal.aborted) await delay(againMs, undefined, { signal }).catch(() => undefined)
    }
  }

  async #read(body: ReadableStream<Uint8Array>): Promise<void> {
    let text = ''
    const decoder = new TextDecoder()
    for await (const bytes of body) {
      text += decoder.decode(bytes, { stream: true })
      const frames = text.split('\n\n')
      text = frames.pop() ?? ''
      for (const frame of frames) this.#take(frame)
    }
  }

  #take(frame: string): void {
    const name = /^event: (.*)$/m.exec(frame)?.[1]
    const data = /^data: (.*)$/m.exec(frame)?.[1]
    if (name === undefined || data === undefined) return
    const parsed: unknown = JSON.parse(data)
    if (name === 'snapshot') {
      const { agents, calls, today } = parsed as LiveEvents['snapshot']
      this.agents.clear()
      this.calls.clear()
      for (const agent of agents) this.agents.set(agent.id, agent)
      for (const call of calls) this.calls.set(call.id, call)
      this.today = today
      this.#first.resolve()
    } else if (name === 'call') {
      const call = parsed as LiveCallView
      this.calls.set(call.id, call)
    } else if (name === 'call-ended') this.calls.delete((parsed as LiveEvents['call-ended']).id)
    else if (name === 'today') this.today = parsed as Today
    else if (name === 'agent') {
      const agent = parsed as AgentView
      this.agents.set(agent.id, agent)
    } else return
    for (const listener of this.#listeners) listener()
  }
}
