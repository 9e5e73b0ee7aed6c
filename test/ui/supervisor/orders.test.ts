/** Which phone a supervisor's order waits for: the server rings at once what the feed shows. */
import { setImmediate as turn } from 'node:timers/promises'
import t from 'tap'
import type { Device } from '../../../src/core/offer.ts'
import { live } from '../../../src/ui/live/live-feed.ts'
import { initialLive } from '../../../src/ui/live/live-state.ts'
import {
  letPhoneGo,
  phoneIsRegistered,
  phoneWanted,
  supervise,
} from '../../../src/ui/supervisor/supervision/orders.ts'
import { agentView } from '../views.ts'

const me = 'supervisor01'

/** The feed shows this phone as the supervisor's. */
function shown(active: Device | null): void {
  const phones = { desk: active === 'desk', web: active === 'web', chosen: null, active, ownCalls: 0 }
  live.set({ ...initialLive, agents: new Map([[me, agentView({ id: me, phones })]]) })
}

/** How many orders the server got. */
let sent = 0
t.before(() => {
  globalThis.fetch = async () => {
    sent++
    return new Response('')
  }
  // What the browser has of its own.
  Object.assign(globalThis, { document: { documentElement: { lang: 'ro' } } })
  Object.defineProperty(globalThis, 'sessionStorage', { value: { setItem: () => undefined } })
})
t.beforeEach(() => {
  sent = 0
  phoneWanted.set(false)
  phoneIsRegistered.set(false)
})

const order = (): Promise<void> => supervise(me, 'one-1.1', 'monitor')

for (const device of ['desk', 'web'] as const)
  t.test(`a phone that the feed shows rings at once: ${device}`, async (t) => {
    shown(device)
    await order()
    t.equal(sent, 1)
    t.notOk(phoneWanted.get(), 'this page opens none')
  })

t.test(
  'without a phone this page opens its own, and the order waits until feed and phone say so',
  async (t) => {
    shown(null)
    const ordered = order()
    await turn()
    t.ok(phoneWanted.get())
    phoneIsRegistered.set(true)
    await turn()
    t.equal(sent, 0, 'Asterisk has not asked the phone yet')
    shown('web')
    await ordered
    t.equal(sent, 1)
  },
)

t.test('a phone of this page that has just closed rings no more, although the feed shows it', async (t) => {
  shown('web')
  letPhoneGo(me)
  const ordered = order()
  await turn()
  t.equal(sent, 0)
  t.ok(phoneWanted.get(), 'it is opened again')
  phoneIsRegistered.set(true)
  await ordered
  t.equal(sent, 1)
})

t.test('once the feed has shown it closed, a phone in the feed is that of another page', async (t) => {
  shown('web')
  letPhoneGo(me)
  shown(null)
  shown('web')
  await order()
  t.equal(sent, 1)
  t.notOk(phoneWanted.get())
})
