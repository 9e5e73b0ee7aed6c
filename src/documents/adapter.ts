/** The document system over HTTP: delivers signed messages, looks up documents, verifies incoming messages. */
import { randomUUID } from 'node:crypto'
import { Type } from 'typebox'
import { Compile } from 'typebox/compile'
import {
  deliverWithinMs,
  findWithinMs,
  pingWithinMs,
  type AskedDocument,
  type Delivery,
  type DocumentSystem,
  type FindResult,
} from '../city/documents/document-system.ts'
import { pingBody } from '../city/documents/message.ts'
import { documentStates } from '../city/documents/status-update.ts'
import type { Millis } from '../core/ids.ts'
import { ask } from './exchange.ts'
import { open, sign } from './webhook.ts'

export interface DocumentsAddress {
  /** Messages are delivered there. */
  readonly url: string
  /** Documents are looked up there; null: not supported. */
  readonly findUrl: string | null
  /** Signs outgoing messages; `whsec_…`. */
  readonly secret: string
  /** Verifies incoming messages. A second secret, so that our own messages cannot be replayed to us. */
  readonly statusSecret: string
}

const Day = Type.String({ format: 'date' })
const foundAnswer = Compile(
  Type.Union([
    Type.Object({ found: Type.Literal(false) }),
    Type.Object({
      found: Type.Literal(true),
      document: Type.Object({
        number: Type.String({ minLength: 1, maxLength: 60 }),
        date: Day,
        state: Type.Enum([...documentStates]),
        department: Type.String({ maxLength: 200 }),
        deadline: Type.Union([Day, Type.Null()]),
      }),
    }),
  ]),
)

/** `now`: wall time; the receiver checks the signature's timestamp. */
export function documentSystemAt(address: DocumentsAddress, now: () => Millis): DocumentSystem {
  const { url, findUrl, secret, statusSecret } = address
  return {
    deliver: (message, stopping) =>
      deliver(message, { url, secret, now, stopping, withinMs: deliverWithinMs }),
    ping: () => {
      const stopping = new AbortController().signal
      const message = { id: `ping_${randomUUID().replaceAll('-', '')}`, body: pingBody(now()) }
      return deliver(message, { url, secret, now, stopping, withinMs: pingWithinMs })
    },
    find: (asked) => find(asked, findUrl, secret, now),
    open: (received) => open(statusSecret, received),
  }
}

async function deliver(
  { id, body }: { readonly id: string; readonly body: string },
  way: {
    readonly url: string
    readonly secret: string
    readonly now: () => Millis
    readonly stopping: AbortSignal
    readonly withinMs: number
  },
): Promise<Delivery> {
  const { url, secret, now, stopping, withinMs } = way
  const headers = { ...sign(secret, id, body, now()) }
  const answer = await ask({ url, headers, body, withinMs, stopping })
  // The status alone decides; the body is ignored.
  if (!answer.reached) return { outcome: 'unreachable', why: answer.why }
  const { status } = answer
  return status >= 200 && status < 300 ? { outcome: 'delivered' } : { outcome: 'refused', status }
}

async function find(
  asked: AskedDocument,
  url: string | null,
  secret: string,
  now: () => Millis,
): Promise<FindResult> {
  if (url === null) return { outcome: 'unreachable', why: 'not offered' }
  const body = JSON.stringify({ number: asked.number, date: asked.date, name: asked.name })
  const headers = { ...sign(secret, `find_${randomUUID()}`, body, now()) }
  const answer = await ask({ url, headers, body, withinMs: findWithinMs })
  if (!answer.reached) return { outcome: 'unreachable', why: answer.why }
  const said = answer.status === 200 ? parsed(answer.text) : undefined
  if (!foundAnswer.Check(said)) return { outcome: 'unreachable', why: 'answer not understood' }
  if (!said.found) return { outcome: 'unknown' }
  const { number, date, state, department, deadline } = said.document
  // The answer must be about the requested document: the agent reads it out to the citizen.
  if (!isSame(number, asked.number) || date !== asked.date)
    return { outcome: 'unreachable', why: 'answer not understood' }
  return { outcome: 'found', document: { number, date, state, department, deadline } }
}

const isSame = (a: string, b: string): boolean => a.trim().toUpperCase() === b.trim().toUpperCase()

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
