/**
 * A document system in memory, for tests that need no network. `test/contract` holds it to the real adapter's
 * contract.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { open, sign } from '../../../src/documents/webhook.ts'
import {
  deliverWithinMs,
  findWithinMs,
  pingWithinMs,
  type DocumentSystem,
  type Received,
  type SealedMessage,
} from '../../../src/city/documents/document-system.ts'
import { counterPapers } from '../../../tools/demo/documents/counter-papers.ts'
import { Filing, type ArrivedMessage } from '../../../tools/demo/documents/filing.ts'
import type { Condition } from '../../contract/document-system.ts'

const statusSecret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`

export class FakeDocuments implements DocumentSystem {
  condition: Condition = 'up'
  /** Every attempted delivery in order, failed ones included. */
  readonly tried: SealedMessage[] = []
  /** Accepted bodies, each id once. */
  readonly taken: string[] = []
  /** Answered or not. */
  pings = 0
  readonly filing = new Filing(counterPapers)
  /** Awaited before each delivery is answered. */
  onDeliver: (message: SealedMessage) => Promise<void> = () => Promise.resolve()

  async deliver(message: SealedMessage, stopping: AbortSignal): ReturnType<DocumentSystem['deliver']> {
    this.tried.push(message)
    await this.onDeliver(message)
    switch (this.condition) {
      case 'up':
      case 'garbled':
        this.#take(message)
        return { outcome: 'delivered' }
      case 'mute':
        this.#take(message)
        return { outcome: 'unreachable', why: 'no connection' }
      case 'down':
        return { outcome: 'unreachable', why: 'no connection' }
      case 'slow':
        await sleep(deliverWithinMs, undefined, { signal: stopping }).catch(() => undefined)
        return { outcome: 'unreachable', why: stopping.aborted ? 'stopped' : 'no answer in time' }
      case 'failing':
        return { outcome: 'refused', status: 500 }
      case 'refusing':
        return { outcome: 'refused', status: 422 }
    }
  }

  async ping(): ReturnType<DocumentSystem['ping']> {
    this.pings += 1
    switch (this.condition) {
      case 'up':
      case 'garbled':
        return { outcome: 'delivered' }
      case 'mute':
      case 'down':
        return { outcome: 'unreachable', why: 'no connection' }
      case 'slow':
        await sleep(pingWithinMs)
        return { outcome: 'unreachable', why: 'no answer in time' }
      case 'failing':
        return { outcome: 'refused', status: 500 }
      case 'refusing':
        return { outcome: 'refused', status: 422 }
    }
  }

  async find(asked: Parameters<DocumentSystem['find']>[0]): ReturnType<DocumentSystem['find']> {
    switch (this.condition) {
      case 'up': {
        const document = this.filing.find(asked)
        return document === null ? { outcome: 'unknown' } : { outcome: 'found', document }
      }
      case 'down':
      case 'mute':
        return { outcome: 'unreachable', why: 'no connection' }
      case 'slow':
        await sleep(findWithinMs)
        return { outcome: 'unreachable', why: 'no answer in time' }
      case 'failing':
      case 'refusing':
      case 'garbled':
        return { outcome: 'unreachable', why: 'answer not understood' }
    }
  }

  open(received: Received): ReturnType<DocumentSystem['open']> {
    return open(statusSecret, received)
  }

  /** A status message signed by this document system. */
  signed(body: string, ageMs = 0, id = 'doc_1'): Received {
    return received(sign(statusSecret, id, body, Date.now() - ageMs), body)
  }

  #take(message: SealedMessage): void {
    const how = this.filing.take(message.id, JSON.parse(message.body) as ArrivedMessage)
    if (how !== 'known') this.taken.push(message.body)
  }
}

/** Headers and body as the HTTP server receives them. */
export function received(headers: ReturnType<typeof sign>, body: string): Received {
  return {
    id: headers['webhook-id'],
    timestamp: headers['webhook-timestamp'],
    signature: headers['webhook-signature'],
    body: Buffer.from(body),
  }
}
