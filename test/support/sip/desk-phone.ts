/** Desk phones for tests. They record every ring and are closed with the test. */
import { once, EventEmitter } from 'node:events'
import type { Test } from 'tap'
import type { Address } from '../../../tools/demo/calls/exchange.ts'
import type { Ring, Talk } from '../../../tools/demo/phone/call.ts'
import { openPhone, type DeskPhone } from '../../../tools/demo/phone/desk-phone.ts'
import type { Transactions } from '../../../tools/demo/phone/transactions.ts'
import { eventuallyMs } from '../until.ts'

export interface TestPhone extends DeskPhone {
  /** Every INVITE so far. */
  readonly rings: readonly Ring[]
  /** The next ring that no earlier call of this function has returned. */
  nextRing(boundMs?: number): Promise<Ring>
  /** Answers the next ring and plays this. */
  answerNext(sound: Buffer | null, boundMs?: number): Promise<Talk>
}

const heardMs = 120_000

export async function openTestPhone(
  t: Pick<Test, 'teardown'>,
  options: {
    readonly server: Address
    readonly username: string
    readonly password: string
    readonly host?: string
    readonly silent?: boolean
    readonly connect?: (host: string) => Promise<Transactions>
    /** Called for each ring, also to answer it. */
    readonly onRing?: (ring: Ring) => void
  },
): Promise<TestPhone> {
  const rings: Ring[] = []
  const rang = new EventEmitter()
  let taken = 0
  const phone = await openPhone({
    host: '127.0.0.1',
    keepMs: heardMs,
    ...options,
    onRing(ring) {
      rings.push(ring)
      options.onRing?.(ring)
      rang.emit('ring')
    },
  })
  t.teardown(() => phone.close())
  async function nextRing(boundMs = eventuallyMs): Promise<Ring> {
    const signal = AbortSignal.timeout(boundMs)
    while (rings.length <= taken) await once(rang, 'ring', { signal })
    taken += 1
    const ring = rings[taken - 1]
    if (ring === undefined) throw new Error('a ring was lost')
    return ring
  }
  return {
    ...phone,
    rings,
    nextRing,
    answerNext: async (sound, boundMs) => (await nextRing(boundMs)).answer(sound),
  }
}
