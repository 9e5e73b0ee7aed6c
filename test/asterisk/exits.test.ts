/** Outbound calls with several hosts of the provider, some of them dead: 112 still goes through. */
import { randomInt } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { pino } from 'pino'
import t, { type Test } from 'tap'
import { askTrunk } from '../../src/asterisk/trunk-watch.ts'
import { freePort } from '../../src/stack/services/ports.ts'
import { phonePassword, type TestAsterisk } from '../support/pbx/asterisk.ts'
import { setScene } from '../support/pbx/pbx-scene.ts'
import { authentication, caller, pause, phone, requestsOf, runSipp } from '../support/sip/sipp.ts'
import { until } from '../support/until.ts'

const network = `127.${randomInt(130, 250)}.${randomInt(256)}`
const [dead, first, second] = [`${network}.7`, `${network}.8`, `${network}.9`]

/** A host of the provider that treats every call the same way; a qualify counts as a call. */
const exit = (t: Test, { options }: TestAsterisk, host: string, scenario: string) =>
  runSipp(t, { scenario, local: { host, port: 5060 }, remote: options.sip, service: '112', calls: 1000 })

async function emergency(t: Test, { options }: TestAsterisk, after: string) {
  const auth = authentication('ana', phonePassword('ana', 'desk'))
  const from = '<sip:ana@[local_ip]>'
  return runSipp(t, {
    scenario: `${caller.invite({ from })}<recv response="401" auth="true"/>${caller.ackRefused}
      ${caller.invite({ from, headers: [auth], cseq: 2 })}${after}`,
    local: { host: '127.0.0.1', port: await freePort('127.0.0.1') },
    remote: options.sip,
    service: '112',
  })
}
const talk = `${caller.answered}${caller.ackTo(2)}${pause(300)}${caller.hangUp}`

void t.test(
  'after a network and a dead host 112 rings at the third host, without a further limit',
  async (t) => {
    const { asterisk } = await setScene(t, ['ana'], { trunkHosts: [`${network}.0/28`, dead, second] })
    const answers = await exit(
      t,
      asterisk,
      second,
      `${phone.invited}${phone.ringing}${pause(7_000)}${phone.accept}${phone.hungUp}`,
    )
    const call = await emergency(t, asterisk, talk)
    t.equal(await call.done, 0)
    t.match(answers.messages(), /^INVITE sip:112@/m)
    t.notMatch(answers.messages(), /^CANCEL /m)
    const record = await readFile(asterisk.layout.celFile, 'utf8')
    t.equal([...record.matchAll(/"CHAN_START".*"PJSIP\/trunk-\w+"/g)].length, 2)
  },
)

void t.test('a host that the first round does not reach is reached by the second', async (t) => {
  const { asterisk } = await setScene(t, ['ana'], { trunkHosts: [first, second] })
  const outOfService = `${phone.invited}${pause(1_500)}${phone.refuse('503 Service Unavailable')}`
  const refuses = await exit(t, asterisk, first, outOfService)
  const refusesToo = await exit(t, asterisk, second, outOfService)
  const call = await emergency(t, asterisk, talk)
  await until(() => /^ACK /m.test(refuses.messages()))
  await refuses.stop()
  const answers = await exit(t, asterisk, first, `${phone.invited}${phone.accept}${phone.hungUp}`)
  t.equal(await call.done, 0)
  t.match(refusesToo.messages(), /^ACK /m)
  await until(() => /^BYE /m.test(answers.messages()))
})

void t.test('an unreachable provider is "out of service"; a busy one is tried once', async (t) => {
  const { asterisk } = await setScene(t, ['ana'], { trunkHosts: [first, second] })
  const engaged = await exit(t, asterisk, first, `${phone.invited}${phone.refuse('486 Busy Here')}`)
  const call = await emergency(t, asterisk, '<recv response="100" optional="true"/><recv response="486"/>')
  t.equal(await call.done, 0)
  t.equal(requestsOf(engaged, ['INVITE']).length, 1)
  const none = await setScene(t, ['ana'], { trunkHosts: [`${network}.0/28`] })
  const unavailable = '<recv response="100" optional="true"/><recv response="503"/>'
  const nowhere = await emergency(t, none.asterisk, unavailable)
  t.equal(await nowhere.done, 0)
  const { ami, secrets } = none.asterisk.options
  const log = pino({ level: 'silent' })
  t.same(await askTrunk({ ...ami, user: secrets.amiUser, password: secrets.amiPassword, log }), [])
})
