import { existsSync } from 'node:fs'
import { appendFile, mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { Contact } from '../../src/core/contact.ts'
import { BridgeId, CallId, callerLegOf, ContactId } from '../../src/core/ids.ts'
import { PhoneWatch, type PhoneFacts } from '../../src/asterisk/phones/phone-watch.ts'
import { agent, phonePassword, trunkAddress, type TestAsterisk } from '../support/pbx/asterisk.ts'
import { hasTone, heardSince, tone } from '../support/sip/audio.ts'
import { openTown } from '../support/sip/citizen.ts'
import { openTestPhone } from '../support/sip/desk-phone.ts'
import { freePort } from '../../src/stack/services/ports.ts'
import { legOf, setScene } from '../support/pbx/pbx-scene.ts'
import { authentication, caller, pause, phone, register, runSipp } from '../support/sip/sipp.ts'
import { overTcp } from '../support/sip/tcp-transactions.ts'
import { until } from '../support/until.ts'
import { registerWebPhone } from '../support/sip/web-phone.ts'

void t.test('new accounts get phones during a call, and no call or registration is lost', async (t) => {
  const scene = await setScene(t, ['ana'])
  const { pbx, events, asterisk } = scene
  await scene.phone(t, 'ana', `${phone.invited}${phone.accept}${phone.hungUp}`)
  const { channel, run } = await scene.call(
    t,
    `${caller.invite()}${caller.answered}${caller.ack}${caller.hungUp}`,
  )
  await scene.ring('ana', 'r1')
  await scene.happened('LegUp', { channel: legOf('r1') })
  const bridge = BridgeId('bridge-r1')
  await pbx.perform({ do: 'Connect', bridge, channels: [channel, legOf('r1')] })
  await scene.happened('BridgeFull', { bridge })

  const many = Array.from({ length: 50 }, (_, index) => agent(`new${index}`))
  await pbx.applyDirectory([agent('ana'), ...many], [], [])
  await scene.phone(t, 'new7', phone.invited)
  t.equal((await pbx.inventory()).bridges[0]?.channels.length, 2, 'they still talk')
  t.notOk(events.some((event) => event.type === 'LegGone' || event.type === 'Disconnected'))
  await pbx.perform({ do: 'HangUp', channel, as: 'normal' })
  t.equal(await run.done, 0, 'the call ends when the server hangs up')
  const { phones } = await pbx.inventory()
  t.match(
    phones.find(({ username }) => username === 'ana'),
    { desk: true },
    'still registered',
  )

  await pbx.applyDirectory([agent('ana')], [], [])
  const local = { host: '127.0.0.1', port: await freePort('127.0.0.1') }
  const closed = await runSipp(t, {
    scenario: register('new8', phonePassword('new8', 'desk')),
    local,
    remote: asterisk.options.sip,
    service: 'new8',
  })
  t.not(await closed.done, 0, 'a closed account cannot register')
  await until(() => pbx.securityCounts().some(({ kind }) => kind === 'InvalidAccountID'))
})

// Of the next four tests: each has a phone of its own.
const shared = await setScene(t, ['ana', 'ion'])

void t.test('a phone that unregisters, or stops answering, is no longer reachable', async (t) => {
  const scene = shared
  await scene.phone(t, 'ana', phone.invited)
  const local = { host: '127.0.0.1', port: await freePort('127.0.0.1') }
  const scenario = register('ana', phonePassword('ana', 'desk'), 0)
  const service = 'ana'
  // A second phone replaces the first one, then unregisters.
  for (const expires of [3600, 0]) {
    const run = await runSipp(t, {
      scenario: expires === 0 ? scenario : register('ana', phonePassword('ana', 'desk')),
      local,
      remote: scene.asterisk.options.sip,
      service,
    })
    t.equal(await run.done, 0)
  }
  await scene.happened('PhoneChanged', { username: 'ana', device: 'desk', reachable: false })
  t.equal(await scene.ring('ana', 'x1'), 'refused')
})

void t.test(
  'a browser phone is offered calls once it has answered a qualify; the newest page is used, a closed one is gone',
  async (t) => {
    const scene = shared
    const { http } = scene.asterisk.options
    const url = `ws://${http.host}:${http.port}/ws`
    const password = phonePassword('ana', 'web')
    await t.rejects(registerWebPhone(url, 'ana-web', 'a-wrong-password-of-mine'))
    const mute = await registerWebPhone(url, 'ana-web', password, { silent: true })
    await until(() => mute.received.some((text) => text.startsWith('OPTIONS')))
    t.notOk((await scene.pbx.inventory()).phones.some((one) => one.web))
    const first = await registerWebPhone(url, 'ana-web', password)
    await scene.happened('PhoneChanged', { username: 'ana', device: 'web', reachable: true })
    const second = await registerWebPhone(url, 'ana-web', password)
    t.equal(await scene.ring('ana', 'w1', { device: 'web', autoAnswer: true }), 'done')
    await until(() => second.received.some((text) => text.startsWith('INVITE ')))
    const invite = second.received.find((text) => text.startsWith('INVITE ')) ?? ''
    t.match(invite, /X-Linia-Auto-Answer: 1/)
    t.match(invite, /UDP\/TLS\/RTP\/SAVPF/)
    t.match(invite, /m=audio \d+ \S+ 8 101/, 'A-law alone')
    t.match(invite, /a=candidate:/)
    t.notOk(first.received.some((text) => text.startsWith('INVITE ')))
    await scene.pbx.perform({ do: 'HangUp', channel: legOf('w1'), as: 'normal' })
    first.socket.close()
    t.match((await scene.pbx.inventory()).phones, [{ username: 'ana', web: true }])
    second.socket.close()
    await scene.happened('PhoneChanged', { username: 'ana', device: 'web', reachable: false })
  },
)

void t.test('a desk phone over TCP is rung on its connection, talks, and is gone with it', async (t) => {
  const scene = shared
  const { pbx, asterisk } = scene
  const server = asterisk.options.sip
  const ion = { server, username: 'ion', connect: overTcp(server) }
  const stranger = await openTestPhone(t, { ...ion, password: 'a-wrong-password-of-mine' })
  await t.rejects(stranger.register(), 'over TCP the password is required as well')
  const desk = await openTestPhone(t, { ...ion, password: phonePassword('ion', 'desk') })
  await desk.register()
  await scene.happened('PhoneChanged', { username: 'ion', device: 'desk', reachable: true })

  const town = await openTown(t, { target: server, from: trunkAddress })
  const citizen = await town.call({ speech: tone(440) })
  const arrived = await scene.happened('CallArrived')
  const channel = callerLegOf(arrived.type === 'CallArrived' ? arrived.call : CallId('none'))
  await pbx.perform({ do: 'AnswerCaller', channel })
  t.equal(await scene.ring('ion', 'tcp1'), 'done')
  const ring = await desk.nextRing()
  t.match(ring.header('via'), /^SIP\/2\.0\/TCP /)
  const talk = await ring.answer(tone(1000))
  await scene.happened('LegUp', { channel: legOf('tcp1') })
  const bridge = BridgeId('bridge-tcp1')
  await pbx.perform({ do: 'Connect', bridge, channels: [channel, legOf('tcp1')] })
  await scene.happened('BridgeFull', { bridge })
  await until(() => hasTone(440, heardSince(talk.rtp, performance.now() - 500)))
  await until(() => hasTone(1000, heardSince(citizen.rtp, performance.now() - 500)))
  talk.hangUp()
  await scene.gone(legOf('tcp1'))
  // It is reachable only by its connection: without it the phone counts as gone before the registration expires.
  desk.vanish()
  await scene.happened('PhoneChanged', { username: 'ion', device: 'desk', reachable: false })
})

void t.test(
  'phones that cannot be written keep no contact from being reached, and the reverse',
  async (t) => {
    const { pbx, asterisk } = shared
    const { etcDir } = asterisk.layout
    const file = (name: string) => join(etcDir, name)
    const contact = (number: string): Contact => ({
      id: ContactId('urbanism'),
      name: 'Urbanism',
      number,
      language: null,
    })
    const apply = (username: string, number: string) =>
      pbx.applyDirectory([agent(username)], [contact(number)], ['+402'])
    /** A folder in the place of the mark that is written before the file: nothing can be renamed over it. */
    const block = (name: string) => mkdir(join(file(name), 'full'), { recursive: true })
    const free = (name: string) => rm(file(name), { recursive: true })

    await block('phones.conf.unread')
    await t.rejects(apply('eva', '+40256400400'), /phones\.conf/)
    t.match(await readFile(file('contacts.conf'), 'utf8'), /0256400400/)
    t.notOk(existsSync(file('contacts.conf.unread')), 'and it is loaded')
    await free('phones.conf.unread')
    await block('contacts.conf.unread')
    await t.rejects(apply('eva', '+40256400401'), /contacts\.conf/)
    t.match(await readFile(file('phones.conf'), 'utf8'), /\[eva\]/)
    await block('phones.conf.unread')
    await t.rejects(apply('eva', '+40256400401'), /phones\.conf.*contacts\.conf/s, 'both errors are told')
    await free('phones.conf.unread')
    await free('contacts.conf.unread')
    await apply('eva', '+40256400401')
    t.match(await readFile(file('contacts.conf'), 'utf8'), /0256400401/)
  },
)

/** A call from Ana's desk phone. */
async function dialFrom(
  t: Test,
  { options }: TestAsterisk,
  number: string,
  after: string,
  headers: readonly string[] = [],
) {
  const auth = authentication('ana', phonePassword('ana', 'desk'))
  const from = '<sip:ana@[local_ip]>'
  return runSipp(t, {
    scenario: `${caller.invite({ from, to: number })}<recv response="401" auth="true"/>${caller.ackRefused}
      ${caller.invite({ from, to: number, headers: [auth, ...headers], cseq: 2 })}${after}`,
    local: { host: '127.0.0.1', port: await freePort('127.0.0.1') },
    remote: options.sip,
    service: number,
  })
}
const forbidden = '<recv response="100" optional="true"/><recv response="403"/>'

/** Characters with a meaning in the dialplan, escaped as in a SIP URI. */
const crafted = [
  ':linia-out,0040721000000',
  '?linia-out,0040721000000,1:linia-out,0040721000000,1',
  ',1)]?linia-out,0040721000000,1:linia-out,0040721000000',
  '1]?linia-out,0040721000000',
  'linia-out,0040721000000,1',
  '0040721000000&PJSIP/0040721000000',
  '0040721000000@trunk',
  '112@trunk&PJSIP/0040721000000',
  '112,1:linia-out,0040721000000',
  '${EVAL(0040721000000)}',
  '"]?linia-out,0040721000000,1',
].map((text) => text.replace(/[^\w()]/g, (sign) => `%${sign.charCodeAt(0).toString(16).padStart(2, '0')}`))

void t.test(
  'an own call, such as the echo test, makes an agent busy; no other number can be dialled',
  async (t) => {
    const scene = await setScene(t, ['ana'])
    const { pbx, asterisk } = scene
    const dial = (number: string, after: string) => dialFrom(t, asterisk, number, after)
    const echo = await dial('*43', `${caller.answered}${caller.ackTo(2)}${pause(4_000)}${caller.hangUp}`)
    await scene.happened('OwnCallsChanged', { username: 'ana', ownCalls: 1 })
    t.match((await pbx.inventory()).phones, [{ username: 'ana', ownCalls: 1 }])
    t.equal(await echo.done, 0)
    await scene.happened('OwnCallsChanged', { username: 'ana', ownCalls: 0 })

    for (const number of ['0040721000000', ...crafted.filter((text) => !/^[a-z2-9]/.test(text))]) {
      const run = await dial(number, forbidden)
      t.equal(await run.done, 0, `${decodeURIComponent(number)} is forbidden`)
    }
    // The application would never hear of these.
    for (const number of ['ab%fc', 'ab)%3a1%ff(', '24,%5c%22%80']) {
      const run = await dial(number, forbidden)
      t.equal(await run.done, 0, `${number} is forbidden`)
    }
    // What may be a colleague's extension the application decides, which gets the text as it was dialled.
    const noCircuit = `<recv response="100" optional="true"/><recv response="180"/><recv response="503"/>`
    for (const number of ['969', 'bogdan', '2436802', ...crafted.filter((text) => /^[a-z2-9]/.test(text))]) {
      const run = await dial(number, noCircuit)
      const dialled = decodeURIComponent(number)
      const line = await scene.happened('SecondLine', { username: 'ana', device: 'desk', dialled })
      if (line.type !== 'SecondLine') throw new Error('unreachable')
      const { channels, callers } = await pbx.inventory()
      t.same([channels.length, callers.length], [1, 0], `${dialled} reaches nobody`)
      t.equal(await pbx.perform({ do: 'HangUp', channel: line.channel, as: 'congestion' }), 'done')
      t.equal(await run.done, 0, 'and the phone hears the end')
    }
    await dial('112', caller.answered)
    const cel = () => readFile(asterisk.layout.celFile, 'utf8')
    await until(async () => /"Dial","PJSIP\/trunk\/sip:112@127\.0\.0\.2,/.test(await cel()))
    const toProvider = async () => [...(await cel()).matchAll(/"CHAN_START".*"PJSIP\/trunk-\w+"/g)]
    await until(async () => (await toProvider()).length > 0)
    t.equal((await toProvider()).length, 1, 'only 112 went to the provider')
  },
)

void t.test('a city’s own pattern allows matching numbers, and digits only', async (t) => {
  const { asterisk } = await setScene(t, ['ana'])
  const outbound = await readFile(new URL('../../dialplan/outbound.conf', import.meta.url), 'utf8')
  const example = /^; {3}(exten => _0256XXXXXX,.*)$/m.exec(outbound)?.[1] ?? 'no example'
  const careless = 'exten => _0257.,1,Goto(linia-out,${EXTEN},1)'
  const file = join(asterisk.layout.etcDir, 'extensions.conf')
  await appendFile(file, `[linia-allowed](+)\n${example}\n${careless}\n`)
  await asterisk.restart()
  // "):4:12" would make Asterisk cut the inner number out of what a function like FILTER returns.
  const substrings = ['02570040721000000%29%3a4%3a12', '02570040721000000%29%3a4%3a13', '0257%29%3a0%3a1']
  const refused = [
    '0256123456%26PJSIP',
    '0257123456%26PJSIP%2f0040721000000',
    '0257123456%40trunk',
    ...substrings,
  ]
  for (const number of refused) {
    const run = await dialFrom(t, asterisk, number, forbidden)
    t.equal(await run.done, 0, `${decodeURIComponent(number)} is forbidden`)
  }
  await dialFrom(t, asterisk, '0256123456', caller.answered)
  await dialFrom(t, asterisk, '0257123456', caller.answered)
  await dialFrom(t, asterisk, '*43', `${caller.answered}${caller.ackTo(2)}${caller.hangUp}`)
  const cel = () => readFile(asterisk.layout.celFile, 'utf8')
  const dialled = async () =>
    [...(await cel()).matchAll(/"Dial","(PJSIP\/[^"]*?),[\d^]+,?"/g)].map(([, to]) => to)
  await until(async () => new Set(await dialled()).size >= 2)
  t.same(
    new Set(await dialled()),
    new Set(['PJSIP/trunk/sip:0256123456@127.0.0.2', 'PJSIP/trunk/sip:0257123456@127.0.0.2']),
  )
  // Was: a folder with raw audio for each outgoing call, which belonged to no call of the ledger and never ended.
  t.strictSame(await readdir(asterisk.options.recordings), [], 'no outgoing call is recorded')
})

void t.test('a phone that puts another call into the place of its leg has ended that leg', async (t) => {
  const scene = await setScene(t, ['ana'])
  const { asterisk, pbx } = scene
  const leg = legOf('r1')
  const ana = await scene.phone(t, 'ana', `${phone.invited}${phone.accept}${phone.hungUp}`)
  const { channel } = await scene.call(t, `${caller.invite()}${caller.answered}${caller.ack}${caller.hungUp}`)
  await scene.ring('ana', 'r1')
  await scene.happened('LegUp', { channel: leg })
  const bridge = BridgeId('bridge-r1')
  await pbx.perform({ do: 'Connect', bridge, channels: [channel, leg] })
  await scene.happened('BridgeFull', { bridge })
  const found = (pattern: RegExp) => pattern.exec(ana.messages())?.[1] ?? ''
  const own = {
    callId: found(/^INVITE [^]*?^Call-ID: (\S+)/m),
    ours: found(/^INVITE [^]*?^From: .*;tag=(\S+)/m),
    theirs: found(/^SIP\/2\.0 200 OK[^]*?^To: .*;tag=(\w+p\d+)/m),
  }
  t.not(own.ours && own.theirs && own.callId, '')
  const replace = (change: Partial<typeof own>, after: string) => {
    const { callId, ours, theirs } = { ...own, ...change }
    return dialFrom(t, asterisk, '*43', after, [`Replaces: ${callId};to-tag=${ours};from-tag=${theirs}`])
  }
  // Without both tags, which nobody but the phone and Asterisk knows, there is no such dialog.
  const notFound = '<recv response="100" optional="true"/><recv response="481"/>'
  t.equal(await (await replace({ ours: 'guessed' }, notFound)).done, 0)
  t.equal(await (await replace({ theirs: 'guessed' }, notFound)).done, 0)
  t.equal((await pbx.inventory()).bridges[0]?.channels.length, 2, 'they talk on')

  const taking = await replace({}, `${caller.answered}${caller.ackTo(2)}${caller.hungUp}`)
  // Which ends the conversation, like any end of the agent's leg.
  t.match(await scene.gone(leg), { end: 'hung up' })
  t.equal(await pbx.perform({ do: 'HangUp', channel, as: 'normal' }), 'done')
  await pbx.perform({ do: 'DestroyBridge', bridge })
  t.equal(await taking.done, 0, 'and the new call with it')
  await until(async () => (await pbx.inventory()).channels.length === 0)
})

/** A `PhoneWatch` whose timers the test lets pass, with all that it reported and asked. */
function watched() {
  const facts: PhoneFacts[] = []
  const asked: string[] = []
  const timers: { readonly waitMs: number; readonly act: () => void }[] = []
  const watch = new PhoneWatch({
    tell: (fact) => facts.push(fact),
    qualify: (endpoint) => {
      asked.push(endpoint)
      return Promise.resolve()
    },
    after: (waitMs, act) => timers.push({ waitMs, act }),
  })
  /** The times of those that were due, without those of the queue of qualifies. */
  const pass = async (): Promise<number[]> => {
    // The answer to a qualify comes first.
    await new Promise((resolve) => setImmediate(resolve))
    const due = timers.splice(0)
    for (const { act } of due) act()
    return due.flatMap(({ waitMs }) => (waitMs < 1_000 ? [] : [waitMs]))
  }
  return { watch, facts, asked, pass }
}

void t.test('the state of phones survives a lost AMI connection without false events', (t) => {
  const { watch, facts } = watched()
  const desk = { endpoint: 'ana', uri: 'sip:ana@1.2.3.4' }
  watch.contact({ ...desk, status: 'Reachable' })
  watch.channelUp({ id: 'c1', name: 'PJSIP/ana-0000002a' })
  watch.channelUp({ id: 'offer-1', name: 'PJSIP/ana-0000002b' })
  watch.channelUp({ id: 'c2', name: 'PJSIP/trunk-0000002c' })
  t.equal(watch.ownCalls('ana'), 1)
  facts.length = 0
  watch.replaceAll([{ ...desk, status: 'Reachable' }], [{ id: 'c1', name: 'PJSIP/ana-0000002a' }])
  t.same(facts, [], 'an unchanged state causes no event')
  watch.replaceAll([{ endpoint: 'ana-web', uri: 'sip:x', status: 'Reachable' }], [])
  t.same(facts, [
    { type: 'PhoneChanged', username: 'ana', device: 'desk', reachable: false },
    { type: 'PhoneChanged', username: 'ana', device: 'web', reachable: true },
    { type: 'OwnCallsChanged', username: 'ana', ownCalls: 0 },
  ])
  t.same(watch.all(), [{ username: 'ana', desk: false, web: true, ownCalls: 0 }])
  t.end()
})

void t.test('a phone can ring once it has answered a qualify, which it is sent when it registers', (t) => {
  const { watch, facts, asked } = watched()
  const desk = { endpoint: 'ana', uri: 'sip:ana@1.2.3.4' }
  watch.contact({ ...desk, status: 'NonQualified' })
  t.equal(watch.reachable('ana'), false, 'registered is not yet reachable')
  t.same(asked, ['ana'])
  watch.contact({ ...desk, status: 'Reachable' })
  t.equal(watch.reachable('ana'), true)
  watch.contact({ ...desk, status: 'Reachable' })
  watch.authenticated('ana')
  t.same(asked, ['ana'], 'a renewed registration of a phone that answers asks nothing')
  watch.contact({ ...desk, status: 'Unreachable' })
  t.equal(watch.reachable('ana'), false)
  t.same(asked, ['ana', 'ana'], 'it may have registered while the qualify was under way')
  watch.authenticated('ana')
  watch.authenticated('nobody')
  t.same(asked, ['ana', 'ana', 'ana'], 'registered again: asked at once')
  watch.contact({ ...desk, status: 'Reachable' })
  t.same(
    facts.map((fact) => 'reachable' in fact && fact.reachable),
    [true, false, true],
  )
  watch.replaceAll([{ ...desk, status: 'Unreachable' }], [])
  t.equal(asked.length, 4, 'as after a restart of Asterisk')
  t.equal(watch.reachable('ana'), false)
  t.end()
})

void t.test('a phone that did not ring is unreachable until it answers, longer each time', async (t) => {
  const { watch, facts, asked, pass } = watched()
  watch.didNotRing('nobody')
  t.same([facts, asked], [[], []], 'no phone, nothing to doubt')
  const desk = { endpoint: 'ana', uri: 'sip:ana@1.2.3.4' }
  watch.contact({ ...desk, status: 'Reachable' })
  const waits: number[] = []
  for (let attempt = 0; attempt < 6; attempt += 1) {
    watch.didNotRing('ana')
    t.equal(watch.reachable('ana'), false)
    waits.push(...(await pass()))
    t.equal(watch.reachable('ana'), true, 'the qualify did not fail')
  }
  t.same(waits, [3_500, 7_000, 14_000, 28_000, 56_000, 60_000])
  t.equal(asked.length, 6)
  watch.rang('ana')
  watch.didNotRing('ana')
  watch.contact({ ...desk, status: 'Unreachable' })
  t.same(await pass(), [3_500], 'after it rang the count begins anew')
  t.equal(watch.reachable('ana'), false, 'the qualify failed')
  watch.didNotRing('ana')
  watch.contact({ ...desk, status: 'Removed' })
  watch.contact({ ...desk, status: 'Created' })
  watch.contact({ ...desk, status: 'Reachable' })
  t.equal(watch.reachable('ana'), true, 'a phone that was restarted is not doubted')
  await pass()
  t.equal(watch.reachable('ana'), true)
})

void t.test('a doubt without an answer from AMI stays, and the phone is asked again', async (t) => {
  let works = false
  const acts: (() => void)[] = []
  const watch = new PhoneWatch({
    tell: () => undefined,
    qualify: () => (works ? Promise.resolve() : Promise.reject(new Error('AMI is away'))),
    after: (_waitMs, act) => acts.push(act),
  })
  watch.contact({ endpoint: 'ana', uri: 'sip:ana@1.2.3.4', status: 'Reachable' })
  watch.didNotRing('ana')
  for (const isAnswered of [false, true]) {
    await until(() => acts.length > 0)
    works = true
    acts.splice(0).forEach((act) => act())
    t.equal(watch.reachable('ana'), isAnswered)
  }
})

void t.test('a phone that registers from another address is another phone, a renewal is none', (t) => {
  const { watch, facts } = watched()
  const [before, after] = ['sip:x@192.0.2.7:40000', 'sip:x@192.0.2.8:50000']
  watch.contact({ endpoint: 'ana-web', uri: before, status: 'Created' })
  watch.contact({ endpoint: 'ana-web', uri: before, status: 'Reachable' })
  watch.contact({ endpoint: 'ana-web', uri: before, status: 'Created' })
  watch.contact({ endpoint: 'ana-web', uri: before, status: 'Updated' })
  watch.contact({ endpoint: 'ana-web', uri: after, status: 'Created' })
  watch.contact({ endpoint: 'ana-web', uri: before, status: 'Removed' })
  watch.contact({ endpoint: 'ana-web', uri: after, status: 'Reachable' })
  t.same(
    facts.map((fact) => 'reachable' in fact && fact.reachable),
    [true, false, true],
  )
  t.end()
})

void t.test('events during a listing are newer than the lists', async (t) => {
  const { watch, facts } = watched()
  const moved = { endpoint: 'ion', uri: 'sip:ion@192.0.2.9:5060', status: 'Reachable' }
  const busy = { id: 'c9', name: 'PJSIP/ion-00000009' }
  const idle = { id: 'c8', name: 'PJSIP/eva-00000008' }
  const left = { endpoint: 'eva', uri: 'sip:eva@192.0.2.8:5060', status: 'Reachable' }
  watch.contact(left)
  watch.channelUp(idle)
  watch.listingBegins()
  watch.contact({ ...left, status: 'Removed' })
  watch.channelGone(idle)
  watch.contact(moved)
  watch.channelUp(busy)
  facts.length = 0
  watch.replaceAll([left], [idle])
  t.same(facts, [], 'no difference was reported, not even for a moment')
  t.same(watch.all(), [{ username: 'ion', desk: true, web: false, ownCalls: 1 }])
  watch.replaceAll([], [])
  t.same(watch.all(), [], 'the next list is not mixed with earlier events')
})
