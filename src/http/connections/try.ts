/** Tests of the outside systems: a question to each that changes nothing there and is about nobody. */
import {
  testWithinMs,
  type ConnectionCause,
  type DocumentPart,
  type TestResult,
  type TriedConnection,
} from '../../city/connections/connection.ts'
import type { AskedDocument, DocumentSystem, Unreached } from '../../city/documents/document-system.ts'
import type { TrunkAnswers } from '../../acd/ports.ts'
import type { HttpDeps } from '../ports.ts'

/** The answer to an administrator; the trunk's hosts are not on record. */
export interface Tried {
  readonly result: TestResult
  /** The node that asked. */
  readonly node: string
  readonly hosts: TrunkAnswers
}

export type TryDeps = Pick<HttpDeps, 'connections' | 'documents' | 'fiscal' | 'node'>

/** No paper of the city has this number, day and name. */
const noPaper: AskedDocument = { number: 'LINIA-969', date: '1970-01-01', name: 'Linia 969' }

/** Resolves within `testWithinMs`, and never rejects: an error is told to `failed`. */
export async function tryConnection(
  connection: TriedConnection,
  deps: TryDeps,
  failed: (error: unknown) => void,
): Promise<Tried> {
  const began = performance.now()
  const ended = (found: Found): Tried => {
    const tookMs = found.tookMs ?? performance.now() - began
    const { node = deps.node, hosts = [], readOnly = null, cause = null, status = null, part = null } = found
    const result: TestResult =
      cause === null
        ? { outcome: 'works', tookMs, readOnly }
        : { outcome: 'fails', tookMs, cause, status, part }
    return { result, node, hosts }
  }
  const late = Promise.withResolvers<Found>()
  const timer = setTimeout(() => late.resolve({ cause: 'no answer in time' }), testWithinMs)
  try {
    return ended(await Promise.race([tests[connection](deps), late.promise]))
  } catch (error) {
    failed(error)
    return ended({ cause: 'other' })
  } finally {
    clearTimeout(timer)
  }
}

/** Without a cause it works. */
interface Found {
  readonly cause?: ConnectionCause
  readonly status?: number
  readonly part?: DocumentPart
  readonly readOnly?: boolean | null
  readonly hosts?: TrunkAnswers
  readonly node?: string
  /** Where Asterisk has measured it. */
  readonly tookMs?: number
}

const tests: Readonly<Record<TriedConnection, (deps: TryDeps) => Promise<Found>>> = {
  async trunk({ connections }) {
    const asked = await connections.trunk.test()
    if (typeof asked === 'string') return { cause: asked }
    const { node, answers } = asked
    if (answers === null) return { node, cause: 'asterisk away' }
    if (answers.length === 0) return { node, cause: 'no host' }
    const trips = answers.map(({ roundTripMs }) => roundTripMs).filter((ms) => ms !== null)
    // Some providers answer no OPTIONS at one of their hosts: calls leave by the other.
    const found: Found = trips.length > 0 ? { tookMs: Math.min(...trips) } : { cause: 'no answer in time' }
    return { node, hosts: answers, ...found }
  },

  async documents({ documents, connections }) {
    if (documents === null) return { cause: 'other' }
    const deliveries = await askedFor(documents)
    if (deliveries !== null) return { ...deliveries, part: 'deliveries' }
    if (connections.settings.documents?.looksUp !== true) return {}
    const found = await documents.find(noPaper)
    return found.outcome === 'unreachable' ? { cause: causeOf(found.why), part: 'look-ups' } : {}
  },

  async fiscal({ fiscal }) {
    const answer = await fiscal.test()
    return answer.outcome === 'works' ? { readOnly: answer.readOnly } : { cause: answer.cause }
  },
}

/** Null: it would take messages. */
async function askedFor(documents: DocumentSystem): Promise<Found | null> {
  const delivery = await documents.ping()
  switch (delivery.outcome) {
    case 'delivered':
      return null
    case 'refused':
      return { cause: 'refused', status: delivery.status }
    case 'unreachable':
      return { cause: causeOf(delivery.why) }
  }
}

const causeOf = (why: Unreached): ConnectionCause =>
  why === 'stopped' || why === 'not offered' ? 'other' : why
