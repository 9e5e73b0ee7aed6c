/** A flood of calls from the provider: each is answered or refused at once, and the next caller gets a place. */
// lane: alone, sends as many calls as the machine takes
import { setInterval } from 'node:timers/promises'
import t from 'tap'
import { attack } from '../support/attack.ts'
import { openRawCaller, type RawCall } from '../support/sip/raw-caller.ts'
import { startLinia } from '../support/stack.ts'
import { until } from '../support/until.ts'

/** Of messages sent at a steady pace: 400 a second. A burst would exceed what Asterisk's socket holds. */
const everyMs = 10
const atATime = 4
const calls = 4_000
/** After the last of them. */
const answeredWithinMs = 5_000

t.test('a flood of calls', { timeout: 240_000 }, async (t) => {
  const changes: string[] = []
  // As many ports for media as an installation has: a flood must not be refused for want of them.
  const linia = await startLinia(t, {
    overrides: { CALLS_MAX: '300' },
    rtp: { from: 20_000, to: 27_999 },
    onChange: (line) => changes.push(line),
  })
  const provider = await openRawCaller(t, linia.sip, linia.trunk)
  await attack(
    t,
    {
      attack: 'the provider sends 400 calls a second that nobody hangs up',
      before: 'with the bound of 1,000 calls 3,247 of 4,000 heard nothing within 20 s',
      now: 'with CALLS_MAX=300 each is answered or refused, no part starts anew, and the next caller gets a place',
    },
    async (t) => {
      const flood: RawCall[] = []
      await paced(calls, () => flood.push(provider.invite()))
      const unanswered = () => flood.filter(({ statuses }) => !statuses.some((status) => status >= 200))
      await until(() => unanswered().length === 0, answeredWithinMs).catch(() => undefined)
      t.equal(unanswered().length, 0, 'each is answered or refused')
      const finals = [...new Set(flood.map(({ statuses }) => statuses.at(-1) ?? 0))]
      t.strictSame(
        finals.filter((status) => ![200, 486, 503].includes(status)),
        [],
        'with an answer, busy, or 503',
      )
      t.ok(finals.includes(503), 'there were more than Asterisk takes at once')

      const taken = flood.filter(({ statuses }) => statuses.at(-1) === 200)
      await paced(taken.length, (index) => taken[index]?.bye())
      await until(() => isServed(provider.invite()))
      // The socket closes with the test, and with it goes what it has not sent.
      await until(async () => ((await linia.ari('channels')) as unknown[]).length === 0)
      t.strictSame(changes, [], 'no part started anew')
    },
  )
})

async function isServed(call: RawCall): Promise<boolean> {
  const isAnswered = (await call.final) === 200
  if (isAnswered) call.bye()
  return isAnswered
}

async function paced(count: number, send: (index: number) => void): Promise<void> {
  let sent = 0
  for await (const _ of setInterval(everyMs)) {
    for (let round = 0; round < atATime && sent < count; round += 1) send(sent++)
    if (sent === count) return
  }
}
