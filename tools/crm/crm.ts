/**
 * A CRM in forty lines, as an example of the API: it shows the caller when a call is offered to an agent, and adds a note once the
 * call is over. It needs a token with `live:read` and `calls:command`, and `client.ts`, which Redocly generates from the API's
 * document of an installation (docs/guides/integrations.md).
 */
import { setTimeout as pause } from 'node:timers/promises'
import { createClient, OPERATIONS, type LiveCallView, type LiveEvent, type Ops } from './client.ts'

export interface Crm {
  readonly url: string
  readonly token: string
  readonly signal: AbortSignal
  /** The screen pop. */
  readonly show: (call: LiveCallView) => void
  /** The note on a call that was shown. */
  readonly noteOn: (call: LiveCallView) => string
}

export async function run({ url, token, signal, show, noteOn }: Crm): Promise<void> {
  const client = createClient<Ops>(OPERATIONS, { serverUrl: url, auth: { bearer: token } })
  const shown = new Map<string, LiveCallView>()
  // The client resumes after an interruption. A server that is stopped ends the feed; the next one begins with a snapshot.
  while (!signal.aborted) {
    for await (const message of client.live({}, { signal })) {
      // The document describes the whole message; the generator types its data alone.
      const told = message as { readonly event?: string; readonly data: unknown } as LiveEvent
      if (told.event === 'snapshot') begin(told.data.calls)
      if (told.event === 'call') offered(told.data)
      if (told.event === 'call-ended') void ended(told.data.id)
    }
    await pause(1_000, null, { signal }).catch(() => null)
  }

  /** What ended while the feed was away is not among them. */
  function begin(calls: readonly LiveCallView[]): void {
    for (const id of shown.keys()) if (!calls.some((call) => call.id === id)) void ended(id)
    calls.forEach(offered)
  }

  function offered(call: LiveCallView): void {
    if (call.phase !== 'ringing' || shown.has(call.id)) return
    shown.set(call.id, call)
    show(call)
  }

  async function ended(id: string): Promise<void> {
    const call = shown.get(id)
    if (!shown.delete(id) || call === undefined) return
    const note = { path: { id }, body: { text: noteOn(call) } }
    await client.addNote(note, { retry }).catch(console.error)
  }
}

/** The record has the end of a call a moment after the feed: until then the call does not exist, or is not over. */
const retry = {
  retries: 20,
  retryDelay: 250,
  retryStrategy: 'fixed',
  retryOn: ({ response }: { readonly response?: Response }) => [404, 409].includes(response?.status ?? 0),
} as const
