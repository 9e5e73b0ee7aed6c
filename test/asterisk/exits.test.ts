/** Outbound calls with several hosts of the provider, some of them dead: 112 still goes through; a citizen rings once. */
import { randomInt } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { pino } from 'pino'
import t, { type Test } from 'tap'
import { callerLegOf, outboundCallIn, PbxName } from '../../src/core/ids.ts'
import { askTrunk } from '../../src/asterisk/trunk-watch.ts'
import { freePort } from '../../src/stack/services/ports.ts'
import { agent, phonePassword, type TestAsterisk } from '../support/pbx/asterisk.ts'
import { setScene, type Scene } from '../support/pbx/pbx-scene.ts'
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

void t.test('a call to 112 is reported as it is dialled, and found by whoever connects later', async (t) => {
  const scene = await setScene(t, ['ana', 'ion'], { trunkHosts: [first] })
  const answers = `${phone.invited}${phone.ringing}${pause(8_000)}${phone.accept}${phone.hungUp}`
  await exit(t, scene.asterisk, first, answers)
  const call = await emergency(
    t,
    scene.asterisk,
    `${caller.answered}${caller.ackTo(2)}${pause(10_000)}${caller.hangUp}`,
  )
  const reported = await scene.happened('EmergencyDialled')
  t.match(reported, { type: 'EmergencyDialled', username: 'ana', device: 'desk', at: Number })
  /** What another connection finds, as one does that comes after an interruption. */
  const found = async () => {
    const { pbx, events } = scene.asterisk.pbx()
    await pbx.start(() => true)
    await pbx.stop()
    return events.filter(({ type }) => type === 'EmergencyDialled')
  }
  await until(() => call.messages().includes('SIP/2.0 180 '))
  t.same(await found(), [reported], 'while it rings, told apart by the same time')
  await until(() => call.messages().includes('SIP/2.0 200 '))
  t.same(await found(), [reported], 'while they talk')
  t.equal(await call.done, 0)
  t.same(await found(), [], 'once it is over')
})

let made: Promise<Scene> | null = null
/** The Asterisk of the tests with these two exits; not before the first of them, since it asks both hosts whether they are there. */
const twoExits = (): Promise<Scene> => (made ??= setScene(t, ['ana'], { trunkHosts: [first, second] }))

void t.test('a host that the first round does not reach is reached by the second', async (t) => {
  const { asterisk } = await twoExits()
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
  const { asterisk } = await twoExits()
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

const citizen = '0722000111'
let attempts = 0

/** The citizen is called; returns the channel. */
async function callCitizen(t: Test, { pbx }: Scene) {
  attempts += 1
  const channel = callerLegOf(outboundCallIn(PbxName('pbx1'), Date.now(), `exits${attempts}`))
  t.equal(await pbx.perform({ do: 'DialCaller', channel, number: citizen, ringTimeoutMs: 20_000 }), 'done')
  return channel
}

void t.test('a citizen who refuses, or whose number is not in use, rings at one exit only', async (t) => {
  const scene = await twoExits()
  const other = await exit(t, scene.asterisk, second, `${phone.invited}${phone.refuse('486 Busy Here')}`)
  for (const [answer, end] of [
    ['603 Decline', 'declined'],
    ['403 Forbidden', 'declined'],
    ['404 Not Found', 'unreachable'],
    ['480 Temporarily Unavailable', 'no answer'],
  ] as const) {
    const refuses = await exit(
      t,
      scene.asterisk,
      first,
      `${phone.invited}${phone.ringing}${pause(300)}${phone.refuse(answer)}`,
    )
    t.equal((await scene.gone(await callCitizen(t, scene))).end, end, answer)
    t.equal(requestsOf(refuses, ['INVITE']).length, 1, answer)
    t.equal(requestsOf(other, ['INVITE']).length, 0, `${answer}: not at the other exit`)
    await refuses.stop()
  }
})

void t.test('a citizen who hangs up during the announcement is rung at one exit only', async (t) => {
  const scene = await twoExits()
  const leaves = `${phone.invited}${phone.accept}${pause(500)}${phone.hangUp}`
  const answers = await exit(t, scene.asterisk, first, leaves)
  const other = await exit(t, scene.asterisk, second, `${phone.invited}${phone.refuse('486 Busy Here')}`)
  t.equal((await scene.gone(await callCitizen(t, scene))).end, 'hung up')
  t.equal(requestsOf(answers, ['INVITE']).length, 1)
  t.equal(requestsOf(other, ['INVITE']).length, 0)
})

void t.test('a citizen is reached behind a dead exit and one that is out of service', async (t) => {
  const scene = await setScene(t, [], { trunkHosts: [dead, first, second] })
  await exit(t, scene.asterisk, first, `${phone.invited}${phone.refuse('503 Service Unavailable')}`)
  const answers = await exit(t, scene.asterisk, second, `${phone.invited}${phone.accept}${phone.hungUp}`)
  const channel = await callCitizen(t, scene)
  await scene.happened('CallerUp', { channel }, 30_000)
  await scene.pbx.perform({ do: 'HangUp', channel, as: 'normal' })
  await until(() => /^BYE /m.test(answers.messages()))
})

void t.test('112 is tried at the next exit, whatever the first one answers', async (t) => {
  const { asterisk } = await twoExits()
  for (const answer of ['603 Decline', '404 Not Found']) {
    const refuses = await exit(t, asterisk, first, `${phone.invited}${phone.refuse(answer)}`)
    const answers = await exit(t, asterisk, second, `${phone.invited}${phone.accept}${phone.hungUp}`)
    const call = await emergency(t, asterisk, talk)
    t.equal(await call.done, 0, answer)
    await Promise.all([refuses.stop(), answers.stop()])
  }
})

/** Asks the dialplan for numbers as a server would that has checked nothing; `dialled`: those that it has sent to the trunk. */
function unchecked(asterisk: TestAsterisk) {
  const { http, secrets } = asterisk.options
  const authorization = `Basic ${btoa(`${secrets.ariUser}:${secrets.ariPassword}`)}`
  const ask = (number: string) =>
    fetch(`http://${http.host}:${http.port}/ari/channels`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify({
        endpoint: `Local/${number}@linia-callout/n`,
        context: 'linia-called',
        extension: 's',
        priority: 1,
        variables: { LINIA_RING_S: '5' },
      }),
    })
  const dialled = async () => {
    const record = await readFile(asterisk.layout.celFile, 'utf8').catch(() => '')
    return [...record.matchAll(/"Dial","PJSIP\/trunk\/sip:([^"]*?)@[\d.]+,/g)].map(([, number]) => number)
  }
  return { ask, dialled }
}

void t.test('the dialplan calls no number that is not allowed, whoever asks for it', async (t) => {
  const { asterisk } = await setScene(t, [], {
    trunkHosts: [first],
    // Too wide by mistake: premium numbers stay closed.
    callable: ['+402', '+4', '+40', '+400', '+373', '0219', '112'],
  })
  const { ask, dialled } = unchecked(asterisk)
  const refused =
    '0900123456 0906123456 0040900123456 0903123456789 112 0112 969 0256112 0256999 07220001112 0722 0219000 1234 ' +
    '0012125550100 0050052345 00 00373 +40722000111 0722000111&1 0722000111) 0722000x11'
  for (const number of refused.split(' ')) await ask(number)
  const allowed = ['0722000111', '0256408300', '0037322123456', '0219']
  for (const number of allowed) await ask(number)
  await until(async () => (await dialled()).length >= allowed.length)
  t.same(new Set(await dialled()), new Set(allowed))
})

void t.test(
  'a publication changes what the application and the dialplan call, also after a restart',
  async (t) => {
    const { asterisk, pbx } = await setScene(t, ['ana'], { trunkHosts: [first], callable: ['+402', '+407'] })
    const { ask, dialled } = unchecked(asterisk)
    const rings = phone.invited + phone.refuse('486 Busy Here')
    const provider = await exit(t, asterisk, first, rings)
    let calls = 0
    const dial = (number: string) => {
      calls += 1
      const call = outboundCallIn(PbxName('pbx1'), Date.now(), `publication${calls}`)
      return pbx.perform({ do: 'DialCaller', channel: callerLegOf(call), number, ringTimeoutMs: 5_000 })
    }
    const isDialled = (number: string) => until(async () => (await dialled()).includes(number))

    await pbx.applyDirectory([agent('ana')], [], ['+403', '0219'])
    t.equal(await dial('0722000111'), 'refused', 'taken out')
    await ask('0722000111')
    t.equal(await dial('0312345678'), 'done')
    await isDialled('0312345678')
    t.equal(await dial('0219'), 'done')
    await isDialled('0219')

    await asterisk.restart()
    await ask('0722000112')
    await ask('0312345679')
    await isDialled('0312345679')
    t.same(new Set(await dialled()), new Set(['0312345678', '0219', '0312345679']))
    await provider.stop()
  },
)
