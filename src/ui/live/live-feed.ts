/** The connection that keeps `LiveState` up to date: an EventSource, reopened whenever it is silent. */
import { createStore } from '../shared/store.ts'
import { instance } from './instance.ts'
import { applyLive, initialLive, liveEventNames, withSilence, type LiveEvent } from './live-state.ts'

export const live = createStore(initialLive)
/**
 * The number of rejected connections: the browser does not expose the reason, so a subscriber asks the server.
 */
export const refusals = createStore(0)

/** A feed silent for this long is reopened: a half-open connection never ends by itself. */
const reopenAfterMs = 8_000
const checkEveryMs = 500

/** `watch` only reads; `claim` also makes this the agent's page and supersedes an older one. */
export type FeedUse = 'watch' | 'claim'

let source: EventSource | null = null
let use: FeedUse = 'watch'
/** When the feed was opened by the application, as opposed to a reconnect. */
let beganAt = 0
let openedAt = 0
/** The id of the last event: the server uses it to tell how long ago a computer that slept had the agent. */
let lastId = ''
let checking: ReturnType<typeof setInterval> | undefined

/** Opens the feed for the signed-in account; a second call for the same use has no effect. */
export function openFeed(wanted: FeedUse): void {
  if (checking !== undefined && use === wanted) return
  stopListening()
  use = wanted
  beganAt = Date.now()
  checking = setInterval(check, checkEveryMs)
  connect()
}

export function closeFeed(): void {
  stopListening()
  lastId = ''
  live.set(initialLive)
}

function connect(): void {
  source?.close()
  openedAt = Date.now()
  const heard = lastId === '' ? '' : `&heard=${encodeURIComponent(lastId)}`
  const opened = new EventSource(use === 'claim' ? `/api/live?instance=${instance}${heard}` : '/api/live')
  source = opened
  opened.addEventListener('error', () => {
    if (opened.readyState === EventSource.CLOSED) refusals.set(refusals.get() + 1)
  })
  for (const name of liveEventNames) {
    source.addEventListener(name, (message: MessageEvent<string>) => {
      lastId = message.lastEventId
      const event: LiveEvent = { name, payload: JSON.parse(message.data) }
      take(event)
    })
  }
}

function take(event: LiveEvent): void {
  live.set(applyLive(live.get(), event, Date.now(), instance))
  // A superseded page stops listening until the agent takes over again.
  if (live.get().superseded) stopListening()
}

/** Takes the agent back from the other page: everything starts over. */
export function reclaimAgent(): void {
  live.set(initialLive)
}

function stopListening(): void {
  clearInterval(checking)
  checking = undefined
  source?.close()
  source = null
}

function check(): void {
  const now = Date.now()
  live.set(withSilence(live.get(), now, beganAt))
  const lastSign = Math.max(openedAt, live.get().heardAt ?? 0)
  const refused = source?.readyState === EventSource.CLOSED && now - openedAt > 1_000
  if (refused || now - lastSign > reopenAfterMs) connect()
}
