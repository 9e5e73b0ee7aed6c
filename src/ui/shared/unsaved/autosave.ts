/**
 * Saves a value on the server as it changes: after a pause in typing, at the latest after a bound, and again
 * after a failure that may pass.
 */
import { createStore, type Store } from '../store.ts'

export interface Saved<Value> {
  readonly value: Value
  readonly status: 'untouched' | 'waiting' | 'saving' | 'saved' | 'failed'
  /** This computer's time of the last success. */
  readonly savedAt: number | null
  /** The error of the last attempt. */
  readonly error: unknown
}

export interface Autosave<Value> {
  readonly store: Store<Saved<Value>>
  /** Takes the server's value, unless the agent has already changed it. */
  begin(value: Value): void
  change(value: Value): void
  /** Saves unsaved changes at once; resolves to whether everything is on the server. */
  flush(): Promise<boolean>
  /** The page is closing: sends unsaved changes without waiting for the response. */
  leave(): void
  /** Another page takes over: sends unsaved changes once. A retry could overwrite what that page has saved. */
  handOver(): void
}

export interface AutosaveOptions<Value> {
  readonly initial: Value
  /** `leaving`: the page is closing and the request must outlive it. */
  readonly save: (value: Value, leaving: boolean) => Promise<unknown>
  readonly pauseMs: number
  /** The bound for typing without a pause. */
  readonly waitMaxMs: number
  readonly retryMs: number
  /** Whether repeating the save would be refused as well: it waits for the next change then. */
  readonly isFinal?: (error: unknown) => boolean
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
  /** The time of the oldest change that no request contains yet. */
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
      if (!handedOver && options.isFinal?.(error) !== true) later(options.retryMs)
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
      // The page is closing, so an error cannot be shown; a page that stays retries by its timer.
      options.save(value, true).catch(() => undefined)
    },
    handOver() {
      handedOver = true
      // A running save continues with the later changes by itself.
      if (running === null) void flush()
    },
  }
}
