/**
 * `node tools/fresh/one-call.ts DEMO-FILE [SECONDS]`, run in a machine: the agent `agent01` signs in with their desk
 * phone, the demo's citizen calls 969 and is answered. Prints `talking`, and `answered` when the agent has hung up, after
 * these seconds or at Ctrl-C; a call that ends before is a failure.
 */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import { Api, ApiRefused } from '../demo/api.ts'
import { readDemoFile } from '../demo/demo-file.ts'
import type { Ring } from '../demo/phone/call.ts'
import { openPhone } from '../demo/phone/desk-phone.ts'

const ringsWithinMs = 90_000
const calledWithinMs = 180_000
const reachableWithinMs = 10_000
const talkMs = Number(process.argv[3] ?? '2') * 1_000
const lookEveryMs = 100

const demo = await readDemoFile(process.argv[2] ?? '')
const account = demo.accounts.find(({ username }) => username === 'agent01')
assert(account?.phone !== undefined, 'agent01 has a desk phone')
const api = new Api(demo.url)
await api.signIn(account)
const { promise: rings, resolve: ring } = Promise.withResolvers<Ring>()
const phone = await openPhone({ host: '127.0.0.1', server: demo.sip, ...account.phone, onRing: ring })
await phone.register()
await ready()
await callMe()
const first = await Promise.race([rings, setTimeout(ringsWithinMs, null, { ref: false })])
assert(first !== null, `the phone rings within ${ringsWithinMs / 1000} s`)
// Silence in A-law.
const talk = await first.answer(Buffer.alloc(8_000, 0xd5))
process.stdout.write('talking\n')
const hangsUp = Promise.race([setTimeout(talkMs), once(process, 'SIGINT')]).then(() => true)
assert(
  await Promise.race([talk.ended.then(() => false), hangsUp]),
  'the call goes on until the agent hangs up',
)
talk.hangUp()
await talk.ended
await phone.close()
await api.signOut()
process.stdout.write('answered\n')
process.exit(0)

/** The system learns of the registration a moment after the phone does. */
async function ready(): Promise<void> {
  for (const began = performance.now(); ;)
    try {
      return await api.setState({ state: 'ready' })
    } catch (error) {
      if (performance.now() - began > reachableWithinMs) throw error
      await setTimeout(lookEveryMs)
    }
}

/** The citizen's words are spoken to a file first, which takes a busy machine longer than the system waits. */
async function callMe(): Promise<void> {
  for (const began = performance.now(); ;)
    try {
      await api.ask('POST', '/api/demo/call-me', undefined, AbortSignal.timeout(ringsWithinMs))
      return
    } catch (error) {
      if (!(error instanceof ApiRefused && error.status === 503)) throw error
      if (performance.now() - began > calledWithinMs) throw error
    }
}
