import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import type { AnswerAt } from '../../src/core/configuration/schema.ts'
import { callerLegOf } from '../../src/core/ids.ts'
import type { PbxEvent } from '../../src/acd/ports.ts'
import { startAsterisk, trunkAddress } from '../support/pbx/asterisk.ts'
import { askConsole } from '../../src/stack/asterisk-console.ts'
import { freePort } from '../../src/stack/services/ports.ts'
import { openRawCaller } from '../support/sip/raw-caller.ts'
import { caller, pause, runSipp } from '../support/sip/sipp.ts'
import { until } from '../support/until.ts'

const asterisk = await startAsterisk(t)
const { pbx, events } = asterisk.pbx()
await pbx.start(() => true)
await pbx.beat()
const beats = setInterval(() => void pbx.beat(), 1000)
t.teardown(() => clearInterval(beats))

const remote = asterisk.options.sip
const arrivals = () => events.filter((event) => event.type === 'CallArrived')
const local = async (host = trunkAddress) => ({ host, port: await freePort(host) })

/** Places one call and returns its arrival. */
async function arrivalOf(scenario: string, service = '969') {
  const before = arrivals().length
  const run = await runSipp(t, { scenario, local: await local(), remote, service })
  await until(() => arrivals().length > before)
  const arrived = arrivals()[before]
  if (arrived === undefined) throw new Error('no arrival')
  return { run, arrived }
}
const gone = (arrived: Extract<PbxEvent, { type: 'CallArrived' }>) =>
  until(() => events.some((event) => event.type === 'LegGone' && event.channel === callerLegOf(arrived.call)))

const cel = () => readFile(asterisk.layout.celFile, 'utf8')
/** A provisional response that may come before the final one. */
const rejected = '<recv response="100" optional="true"/><recv response="183" optional="true"/>'
const answerThenHangUp = `${caller.answered}${caller.ack}${pause(200)}${caller.hangUp}`

void t.test("a call on each of the line's numbers arrives as 969, with number, name and time", async (t) => {
  for (const number of ['969', '0256969', '+40256969']) {
    const dialledAt = Date.now()
    const { run, arrived } = await arrivalOf(`${caller.invite()}${answerThenHangUp}`, number)
    t.match(arrived, {
      line: '969',
      callerNumber: '0256123456',
      callerName: 'Ana',
      queuedAt: null,
      answered: false,
    })
    t.ok(arrived.arrivedAt >= dialledAt && arrived.arrivedAt <= Date.now(), 'arrived now')
    t.match(arrived.call, /^pbx1-\d+\.\d+$/)
    t.equal(await pbx.perform({ do: 'AnswerCaller', channel: callerLegOf(arrived.call) }), 'done')
    t.equal(await run.done, 0)
    await gone(arrived)
    await until(async () => !(await pbx.inventory()).channels.includes(callerLegOf(arrived.call)))
    t.equal(await pbx.perform({ do: 'AnswerCaller', channel: callerLegOf(arrived.call) }), 'already gone')
  }
})

void t.test('a number may say itself when its calls are answered', async (t) => {
  const number = (answer: AnswerAt | null) =>
    ({ number: '969', also: [], answer, closingGraceMs: null, windows: 'always' }) as const
  await pbx.applyNumbers([number('queue')])
  const { run, arrived } = await arrivalOf(`${caller.invite()}${answerThenHangUp}`)
  t.equal(arrived.answered, true, 'at once, although the setting says otherwise')
  t.equal(await run.done, 0)
  await pbx.applyNumbers([number('agent')])
  const early = await arrivalOf(
    `${caller.invite()}<recv response="100" optional="true"/><recv response="183"/>${pause(500)}${caller.cancel}`,
  )
  t.equal(early.arrived.answered, false)
  t.equal(await early.run.done, 0)
  await pbx.applyNumbers([{ ...number(null), also: ['0256969'] }])
})

void t.test('an INVITE without SDP arrives and can be answered', async (t) => {
  const scenario = `${caller.invite({ withSdp: false })}${caller.answered}${caller.ackWithSdp}${pause(200)}${caller.hangUp}`
  const { run, arrived } = await arrivalOf(scenario)
  t.equal(await pbx.perform({ do: 'AnswerCaller', channel: callerLegOf(arrived.call) }), 'done')
  t.equal(await run.done, 0)
})

void t.test('a caller who cancels is gone', async (t) => {
  const { run, arrived } = await arrivalOf(
    `${caller.invite()}<recv response="100" optional="true"/><recv response="183"/>${pause(1500)}${caller.cancel}`,
  )
  await gone(arrived)
  t.equal(await run.done, 0)
})

void t.test('a hang-up with busy or congestion has its SIP status', async (t) => {
  for (const [as, status] of [
    ['busy', 486],
    ['congestion', 503],
  ] as const) {
    const { run, arrived } = await arrivalOf(`${caller.invite()}${caller.refused(status)}`)
    t.equal(await pbx.perform({ do: 'HangUp', channel: callerLegOf(arrived.call), as }), 'done')
    t.equal(await run.done, 0, `${status}`)
  }
})

void t.test('text from a caller is filtered', async (t) => {
  const long = '9'.repeat(300)
  const cases = [
    { from: 'Anonymous <sip:anonymous@anonymous.invalid>', number: '', name: 'Anonymous' },
    { from: '<sip:[local_ip]>', number: '', name: '' },
    { from: `"${'x'.repeat(200)}" <sip:${long}@[local_ip]>`, number: '9'.repeat(32), name: /^x{0,80}$/ },
    { from: `"${'Ș'.repeat(100)}" <sip:0256@[local_ip]>`, number: '0256', name: /^Ș{0,80}\ufffd*$/ },
    { from: '"a\\"b;|${EXTEN}" <sip:0256;x=1@[local_ip]>', number: /^0256/, name: /^abEXTEN$/ },
    {
      from: '"Ștefan Țiței" <sip:%0d%0aAction:0256@[local_ip]>',
      number: /^[0-9]*$/,
      name: 'Ștefan Țiței',
    },
    { from: '"\u0001\u0007bell" <sip:0722%08333@[local_ip]>', number: '0722333', name: 'bell' },
  ]
  for (const { from, number, name } of cases) {
    const scenario = `${caller.invite({ from })}${rejected}<recv response="486"/>`
    const before = arrivals().length
    const run = await runSipp(t, { scenario, local: await local(), remote, service: '969' })
    const answeredBySip = () => /SIP\/2\.0 4\d\d/.test(run.messages())
    await until(() => arrivals().length > before || answeredBySip())
    const arrived = arrivals()[before]
    if (arrived === undefined) {
      t.match(
        run.messages(),
        /SIP\/2\.0 4\d\d/,
        `refused before a channel: ${JSON.stringify(from.slice(0, 40))}`,
      )
      continue
    }
    t.match(arrived.callerNumber, number, `number of ${JSON.stringify(from.slice(0, 40))}`)
    t.match(arrived.callerName, name, `name of ${JSON.stringify(from.slice(0, 40))}`)
    await pbx.perform({ do: 'HangUp', channel: callerLegOf(arrived.call), as: 'busy' })
  }
})

void t.test('a call whose Call-ID is no text is refused and has a row in the CEL', async (t) => {
  const stranger = await openRawCaller(t, remote, trunkAddress)
  for (const callId of ['a\xfcb', 'a)b:1\xff(', '(x):2,"\\\xff', 'a}\xff'])
    t.equal(await stranger.invite({ callId }).final, 403, JSON.stringify(callId))
  for (const callId of ['a)b:1(', '(x):2,"\\', '%<>[]?{}/'].map(
    (text) => `${text}${randomUUID()}@10.0.0.1`,
  )) {
    const before = arrivals().length
    const call = stranger.invite({ callId })
    await until(() => arrivals().length > before)
    call.cancel()
    t.equal(await call.final, 487, JSON.stringify(callId))
  }
  await until(async () => (await cel()).split('\n"LINIA_NOT_ASCII"').length === 5)
})

void t.test('a channel that Asterisk cannot describe is hung up, and hides no other', async (t) => {
  const at = { tree: asterisk.options.tree, conf: join(asterisk.layout.etcDir, 'asterisk.conf') }
  // Past the dialplan's own check.
  for (const step of ['1,Answer()', '2,Wait(60)'])
    await askConsole(
      { ...at, owned: asterisk.layout.etcDir },
      `dialplan add extension 70,${step} into linia-numbers`,
    )
  const { arrived } = await arrivalOf(`${caller.invite()}${caller.refused(486)}`)
  const stranger = await openRawCaller(t, remote, trunkAddress)
  const unreadable = stranger.invite({ number: '70', callId: 'a\xfcb' })
  t.equal(await unreadable.final, 200)
  t.ok((await pbx.inventory()).channels.includes(callerLegOf(arrived.call)))
  await unreadable.hungUp
  await pbx.perform({ do: 'HangUp', channel: callerLegOf(arrived.call), as: 'busy' })
  await until(async () => (await pbx.inventory()).channels.length === 0)
})

void t.test('a packet that is not SIP is ignored and does no harm', async (t) => {
  const before = arrivals().length
  const from = '"Ana" <sip:0722\u0008333@[local_ip]>'
  await runSipp(t, { scenario: caller.invite({ from }), local: await local(), remote, service: '969' })
  const { arrived } = await arrivalOf(`${caller.invite()}${caller.refused(486)}`)
  await pbx.perform({ do: 'HangUp', channel: callerLegOf(arrived.call), as: 'busy' })
  t.equal(arrivals().length, before + 1)
})

void t.test('a withheld number stays withheld even if the network delivers it', async (t) => {
  const headers = ['P-Asserted-Identity: <sip:0256999888@[local_ip]>', 'Privacy: id']
  const from = 'Anonymous <sip:anonymous@anonymous.invalid>'
  const { arrived } = await arrivalOf(`${caller.invite({ from, headers })}${caller.refused(486)}`)
  t.equal(arrived.callerNumber, '')
  await pbx.perform({ do: 'HangUp', channel: callerLegOf(arrived.call), as: 'busy' })
})

void t.test('an unknown number from the trunk is refused and has a row in the CEL', async (t) => {
  const before = arrivals().length
  for (const number of ['0256111111', '112', 'abc', '7', '9'.repeat(120)]) {
    const scenario = `${caller.invite({ to: number })}${caller.refused(404)}`
    const run = await runSipp(t, { scenario, local: await local(), remote, service: '969' })
    t.equal(await run.done, 0, `404 for ${number.slice(0, 12)}`)
  }
  t.equal(arrivals().length, before)
  await until(async () => (await cel()).split('LINIA_UNKNOWN_NUMBER').length >= 5)
})

void t.test('an INVITE from outside the trunk makes no channel and is counted', async (t) => {
  // A caller refused before gets the answer before the channel is gone.
  await until(async () => (await pbx.inventory()).channels.length === 0)
  const before = arrivals().length
  const scenario = `${caller.invite()}${rejected}<recv response="401"/>`
  const run = await runSipp(t, { scenario, local: await local('127.0.0.9'), remote, service: '969' })
  t.equal(await run.done, 0)
  await until(() => pbx.securityCounts().some(({ address }) => address === '127.0.0.9'))
  t.equal(arrivals().length, before)
  const { channels } = await pbx.inventory()
  t.same(channels, [])
})
