/** Citizens for tests. Their exchange is closed with the test. */
import type { Test } from 'tap'
import { callThrough, type Citizen, type CitizenOrder } from '../../../tools/demo/calls/citizen.ts'
import { openExchange, type Address } from '../../../tools/demo/calls/exchange.ts'

export interface TestTown {
  /** Dials; the received audio is kept for measuring. */
  call(order?: Partial<CitizenOrder>): Promise<Citizen>
}

const heardMs = 120_000

/** A town behind a trunk address. Its citizens call `number` unless their order names another one. */
export async function openTown(
  t: Pick<Test, 'teardown'>,
  options: { readonly target: Address; readonly from?: string; readonly number?: string },
): Promise<TestTown> {
  const exchange = await openExchange(options.from ?? '127.0.0.2', options.target)
  const calls = new Set<Citizen>()
  t.teardown(async () => {
    for (const citizen of calls) citizen.hangUp()
    await exchange.close()
  })
  return {
    async call(order = {}) {
      const common = {
        number: options.number ?? '969',
        callerId: '0722000901',
        speech: null,
        keepMs: heardMs,
      }
      const citizen = await callThrough(exchange, { ...common, ...order })
      calls.add(citizen)
      void citizen.ended.then(() => calls.delete(citizen))
      return citizen
    },
  }
}
