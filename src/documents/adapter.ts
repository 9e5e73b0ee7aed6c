/** The document system over HTTP: signed messages to it, questions to it, and the check of what it sends. */
import { randomUUID } from 'node:crypto'
import { Type } from 'typebox'
import { Compile } from 'typebox/compile'
import {
  deliverWithinMs,
  findWithinMs,
  type AskedDocument,
  type Delivery,
  type DocumentSystem,
  type FindResult,
  type SealedMessage,
} from '../city/documents/document-system.ts'
import { documentStates } from '../city/documents/status-update.ts'
import type { Millis } from '../core/ids.ts'
import { ask } from './exchange.ts'
import { open, sign } from './webhook.ts'

export interface DocumentsAddress {
  /** Where messages are delivered. */
  readonly url: string
  /** Where a document is asked for; null: this one cannot be asked. */
  readonly findUrl: string | null
  /** Signs what we send; `whsec_…`. */
  readonly secret: string
  /** Signs what comes to us; another one, so that nobody can send us our own messages. */
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

/** `now`: wall time; the signature's timestamp is checked by the other side. */
export function documentSystemAt(address: DocumentsAddress, now: () => Millis): DocumentSystem {
  const { url, findUrl, secret, statusSecret } = address
  return {
    deliver: (message, stopping) => deliver(message, { url, secret, now, stopping }),
    find: (asked) => find(asked, findUrl, secret, now),
    open: (received) => open(statusSecret, received),
  }
}

async function deliver(
  { id, body }: SealedMessage,
  way: {
    readonly url: string
    readonly secret: string
    readonly now: () => Millis
    readonly stopping: AbortSignal
  },
): Promise<Delivery> {
  const { url, secret, now, stopping } = way
  const headers = { ...sign(secret, id, body, now()) }
  const answer = await ask({ url, headers, body, withinMs: deliverWithinMs, stopping })
  // A status says whether it was taken, whatever else the answer may hold.
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
  // An answer to another question would be read out to this citizen.
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
