/** The state of the trunk, and the resolution of the provider's names. */
import { randomInt } from 'node:crypto'
import { pino } from 'pino'
import t, { type Test } from 'tap'
import { TrunkWatch, askTrunk, type TrunkAmi } from '../../src/asterisk/trunk-watch.ts'
import { trunkNames } from '../../src/asterisk/config/trunk-file.ts'
import { wrongIn } from '../../src/stack/commands/connections.ts'
import { freePort } from '../../src/stack/services/ports.ts'
import { setScene } from '../support/pbx/pbx-scene.ts'
import { caller, runSipp } from '../support/sip/sipp.ts'
import { until } from '../support/until.ts'

const log = pino({ level: 'silent' })
const provider = { host: `127.${randomInt(130, 250)}.${randomInt(256)}.20`, port: 5060 }
const register = `sip:0256969:a-password-of-ours@${provider.host}`

/** A registrar that accepts every registration, and returns the received messages. */
const accepts = `<recv request="REGISTER"/><send><![CDATA[
      SIP/2.0 200 OK
      [last_Via:]
      [last_From:]
      [last_To:];tag=[pid]r[call_number]
      [last_Call-ID:]
      [last_CSeq:]
      [last_Contact:]
      Expires: 600
      Content-Length: 0
    ]]></send>`

await t.test(
  'a provider with our registration may call from any address, by the registered contact',
  async (t) => {
    const { asterisk, events, pbx } = await setScene(t, [], { trunkHosts: [], trunkRegister: register })
    const registrar = await runSipp(t, {
      scenario: accepts,
      local: provider,
      remote: asterisk.options.sip,
      service: '969',
      calls: 1000,
    })
    const contact = () => /^Contact: <sip:969@[^;>]*;line=(\w+)>/m.exec(registrar.messages())?.[1]
    await until(() => contact() !== undefined)
    const call = async (line: string, after: string) =>
      runSipp(t, {
        scenario: `${caller.invite()}${after}`.replaceAll(':[remote_port]', `:[remote_port];line=${line}`),
        local: { host: '127.0.0.23', port: await freePort('127.0.0.23') },
        remote: asterisk.options.sip,
        service: '969',
      })
    const stranger = await call('7654321', '<recv response="100" optional="true"/><recv response="401"/>')
    t.equal(await stranger.done, 0, 'a caller with a guessed contact is refused')
    await call(contact() ?? '', `<recv response="100"/><recv response="183"/>`)
    await until(() => events.some((event) => event.type === 'CallArrived'))
    await until(() => pbx.trunk.figures().get('registration') === 1)

    const { ami, secrets } = asterisk.options
    const parts = await askTrunk({ ...ami, user: secrets.amiUser, password: secrets.amiPassword, log })
    t.same(parts?.[0], { name: 'registration', works: true, refused: false, roundTripMs: null })
    t.match(parts?.[1], { name: provider.host })
  },
)

/** A host without an answer and a missing registration are reported. */
async function nobodyAnswers(t: Test): Promise<void> {
  const { pbx, asterisk } = await setScene(t, [], {
    trunkHosts: [`${provider.host}1`],
    trunkRegister: register,
  })
  const { ami, secrets } = asterisk.options
  const ask = () => askTrunk({ ...ami, user: secrets.amiUser, password: secrets.amiPassword, log })
  await until(async () => (await ask())?.every(({ works }) => works === false) === true)
  await until(() => pbx.trunk.figures().get(`${provider.host}1`) === 0)
  t.equal(pbx.trunk.figures().get('registration'), 0)
  t.equal(await askTrunk({ ...ami, port: await freePort('127.0.0.1'), user: 'x', password: 'x', log }), null)
}

/** Answers every request of one kind. */
const answering = (method: string, status: string): string => `<recv request="${method}"/><send><![CDATA[
      SIP/2.0 ${status}
      [last_Via:]
      [last_From:]
      [last_To:];tag=[pid]a[call_number]
      [last_Call-ID:]
      [last_CSeq:]
      Content-Length: 0
    ]]></send>`

/** A test asks each host now; the state has round trips, settings, and since when. */
async function eachHostIsAsked(t: Test): Promise<void> {
  const network = `127.${randomInt(130, 250)}.${randomInt(256)}`
  const [there, away] = [`${network}.31`, `${network}.32`]
  const { pbx, asterisk } = await setScene(t, [], { trunkHosts: [there, away] })
  const options = {
    scenario: answering('OPTIONS', '200 OK'),
    local: { host: there, port: 5060 },
    remote: asterisk.options.sip,
    service: '969',
    calls: 1000,
  }
  const host = await runSipp(t, options)
  const began = Date.now()
  await until(() => pbx.trunk.figures().get(away) === 0, 60_000)
  const answers = await pbx.trunk.test()
  t.match(answers, [
    { name: there, roundTripMs: Number },
    { name: away, roundTripMs: null },
  ])
  await until(() => pbx.trunk.figures().get(there) === 1)
  const { parts, inForce } = pbx.trunk.state()
  t.match(parts, [
    { name: there, works: true, refused: false, roundTripMs: Number, since: Number },
    { name: away, works: false, roundTripMs: null },
  ])
  const first = parts[0]?.since ?? 0
  t.ok(first >= began - 60_000 && first <= Date.now())
  t.strictSame(inForce, { codecs: ['alaw', 'ulaw'], transport: '', keys: 'rfc4733', account: null })

  const quick = performance.now()
  t.match((await pbx.trunk.test())?.[0], { roundTripMs: Number })
  t.ok(performance.now() - quick < 10_000)
  t.equal(pbx.trunk.state().parts[0]?.since, first, 'it works since the same moment')
  await host.stop()
  t.strictSame(await pbx.trunk.test(), [
    { name: there, roundTripMs: null },
    { name: away, roundTripMs: null },
  ])
  await until(() => pbx.trunk.figures().get(there) === 0)
  t.ok((pbx.trunk.state().parts[0]?.since ?? 0) > first)
}

/** A registration that the provider refuses is told from one without an answer. */
async function registrationIsRefused(t: Test): Promise<void> {
  const server = `127.${randomInt(130, 250)}.${randomInt(256)}.33`
  const password = 'a-password-of-ours'
  const { pbx, asterisk } = await setScene(t, [], {
    trunkHosts: [],
    trunkRegister: `sip:0256969:${password}@${server}`,
  })
  await until(() => pbx.trunk.state().parts.length === 2, 60_000)
  t.match(pbx.trunk.state().parts[0], { name: 'registration', works: false, refused: false })
  await runSipp(t, {
    scenario: answering('REGISTER', '403 Forbidden'),
    local: { host: server, port: 5060 },
    remote: asterisk.options.sip,
    service: '969',
    calls: 1000,
  })
  await until(() => pbx.trunk.state().parts[0]?.refused === true, 90_000)
  const state = pbx.trunk.state()
  t.strictSame(state.inForce?.account, { server, user: '0256969', hasPassword: true })
  t.notMatch(JSON.stringify(state), password)
}

// Asterisk asks hosts, and registers, by clocks of its own: the three systems wait for them at the same time.
await t.test('what the provider does not answer, answers, and refuses', async (t) => {
  await Promise.all([nobodyAnswers(t), eachHostIsAsked(t), registrationIsRefused(t)])
})

await t.test('an Asterisk that does not answer is no answer of the provider', async (t) => {
  const ami: TrunkAmi = {
    action: () => Promise.reject(new Error('away')),
    list: () => Promise.reject(new Error('away')),
  }
  const watch = new TrunkWatch({ ami, names: [], log })
  t.teardown(() => watch.stop())
  t.equal(await watch.test(), null)
  t.strictSame(watch.state(), { parts: [], inForce: null })
})

await t.test('a name is reloaded when its addresses change, and only then', async (t) => {
  const reloads: unknown[] = []
  const ami: TrunkAmi = {
    action: async (fields) => (reloads.push(fields), {}),
    list: async () => [],
  }
  let addresses: readonly string[] | null = ['192.0.2.1']
  let asked = 0
  const watch = new TrunkWatch({
    ami,
    names: ['sip.example.ro'],
    log,
    nameEveryMs: 10,
    addressesOf: async () => {
      asked += 1
      return addresses ?? Promise.reject(new Error('no name server'))
    },
  })
  t.teardown(() => watch.stop())
  /** The work of a look has finished when the next but one begins. */
  const looked = async (): Promise<void> => {
    const before = asked
    await until(() => asked >= before + 3)
  }
  watch.start()
  await looked()
  t.same(reloads, [{ action: 'Reload', module: 'res_pjsip_endpoint_identifier_ip.so' }], 'once at the start')
  addresses = null
  await looked()
  t.equal(reloads.length, 1, 'a name that is not resolved stays as it was')
  addresses = ['192.0.2.2', '192.0.2.1']
  await looked()
  t.equal(reloads.length, 2)
  addresses = ['192.0.2.1', '192.0.2.2']
  await looked()
  t.equal(reloads.length, 2, 'the order of addresses does not matter')
  t.same(
    ['192.0.2.2', '192.0.2.1', '192.0.2.3'].map((address) => watch.isAt(address)),
    [true, true, false],
  )
  watch.forget()
  await looked()
  t.equal(reloads.length, 3, 'another Asterisk must be reloaded')
})

await t.test('only names are resolved', async (t) => {
  const hosts = ['203.0.113.1', '10.0.0.0/8', 'sip.example.ro', '2001:db8::1']
  t.same(trunkNames({ trunkHosts: hosts, trunkRegister: null }), ['sip.example.ro'])
  t.same(trunkNames({ trunkHosts: hosts, trunkRegister: 'sip:u:p@reg.example.ro:5080' }), [
    'sip.example.ro',
    'reg.example.ro',
  ])
  t.same(trunkNames({ trunkHosts: [], trunkRegister: 'sip:u:p@192.0.2.1' }), [])
})

await t.test('the doctor finds a lost registration and an unreachable provider', async (t) => {
  const part = (name: string, works: boolean | null) => ({ name, works })
  t.same(wrongIn([part('registration', true), part('203.0.113.1', true), part('203.0.113.2', false)]), [])
  t.same(wrongIn([part('127.0.0.2', false)]), [], 'the demo’s provider is up only during its calls')
  t.same(wrongIn([part('203.0.113.1', null)]), [])
  t.match(wrongIn([part('registration', false), part('203.0.113.1', false)]), [
    /TRUNK_REGISTER/,
    /TRUNK_HOSTS/,
  ])
})
