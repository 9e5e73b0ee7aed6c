/**
 * Keeps a value on the server as it changes: waits for a pause in typing, but not for ever, and tries again
 * after a failure.
 */
import { createStore, type Store } from '../store.ts'

export interface Saved<Value> {
  readonly value: Value
  readonly status: 'untouched' | 'waiting' | 'saving' | 'saved' | 'failed'
  /** This computer's time of the last success. */
  readonly savedAt: number | null
  /** Why the last attempt failed. */
  readonly error: unknown
}

export interface Autosave<Value> {
  readonly store: Store<Saved<Value>>
  /** Takes what the server already has, unless the agent has begun to change it. */
  begin(value: Value): void
  change(value: Value): void
  /** Saves at once what is not saved yet; answers whether everything is on the server now. */
  flush(): Promise<boolean>
  /** The page goes now: sends what is not saved yet, without waiting for anything. */
  leave(): void
  /** Another page writes on: sends what is not saved yet, once; a repeat would lie over what that one has saved. */
  handOver(): void
}

export interface AutosaveOptions<Value> {
  readonly initial: Value
  /** `leaving`: the page goes, so that the request must outlive it. */
  readonly save: (value: Value, leaving: boolean) => Promise<unknown>
  readonly pauseMs: number
  /** Somebody who types without a pause is saved at least so often. */
  readonly waitMaxMs: number
  readonly retryMs: number
}

export function createAutosave<Value>(options: AutosaveOptions<Value>): Autosave<Value> {
  const store = createStore<Saved<Value>>({
    value: options.initial,
    status: 'untouched',
    savedAt: null,
    error: null,
  })
  let timer: ReturnType<typeof setTimeout> | undefined
  let running: Promise<boolean> | null = null
  /** When the oldest change that is not on its way was made. */
  let waitingSince: number | null = null
  let handedOver = false

  function later(ms: number): void {
    clearTimeout(timer)
    timer = setTimeout(() => void flush(), ms)
  }

  async function attempt(): Promise<boolean> {
    const { value } = store.get()
    waitingSince = null
    store.set({ ...store.get(), status: 'saving' })
    try {
      await options.save(value, false)
    } catch (error) {
      store.set({ ...store.get(), status: 'failed', error })
      if (!handedOver) later(options.retryMs)
      return false
    }
    const changedMeanwhile = !Object.is(store.get().value, value)
    store.set({
      ...store.get(),
      status: changedMeanwhile ? 'waiting' : 'saved',
      savedAt: Date.now(),
      error: null,
    })
    if (!changedMeanwhile) clearTimeout(timer)
    return changedMeanwhile ? attempt() : true
  }

  async function flush(): Promise<boolean> {
    clearTimeout(timer)
    if (running !== null) {
      await running
      return flush()
    }
    const { status } = store.get()
    if (status === 'untouched' || status === 'saved') return true
    running = attempt().finally(() => {
      running = null
    })
    return running
  }

  return {
    store,
    begin(value) {
      if (store.get().status === 'untouched') store.set({ ...store.get(), value })
    },
    change(value) {
      store.set({ ...store.get(), value, status: 'waiting' })
      waitingSince ??= performance.now()
      later(Math.min(options.pauseMs, waitingSince + options.waitMaxMs - performance.now()))
    },
    flush,
    leave() {
      const { value, status } = store.get()
      if (status === 'untouched' || status === 'saved') return
      // Nobody is here any more to be told of a failure; a page that stays tries again by its timer.
      options.save(value, true).catch(() => undefined)
    },
    handOver() {
      handedOver = true
      // What is under way goes on with what has changed meanwhile.
      if (running === null) void flush()
    },
  }
}
