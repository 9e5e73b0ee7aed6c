/**
 * A provider that requires a registration: a second Asterisk, in which our account is one of its phones (digest
 * authentication, one contact), and which calls that contact.
 */
import { readFile } from 'node:fs/promises'
import t from 'tap'
import { callerLegOf } from '../../src/core/ids.ts'
import type { PbxEvent } from '../../src/acd/ports.ts'
import { phonePassword } from '../support/pbx/asterisk.ts'
import { freePort } from '../../src/stack/services/ports.ts'
import { setScene } from '../support/pbx/pbx-scene.ts'
import { authentication, caller, register, runSipp } from '../support/sip/sipp.ts'
import { until } from '../support/until.ts'

const account = 'primaria'
const provider = await setScene(t, [account], {
  sip: { host: '127.0.0.20', port: await freePort('127.0.0.20') },
})
const { host, port } = provider.asterisk.options.sip
const password = phonePassword(account, 'desk')
const line = await setScene(t, ['ana'], {
  trunkHosts: [],
  trunkRegister: `sip:${account}:${password}@${host}:${port}`,
})
const { pbx, events } = line
const arrivals = () => events.filter((event) => event.type === 'CallArrived')

/** The provider's INVITE to our registered contact, or to a number there. */
async function providerCalls(endpoint: string, callerId: string): Promise<void> {
  const { http, secrets } = provider.asterisk.options
  const query = new URLSearchParams({ endpoint, callerId, app: 'linia', appArgs: 'agent' })
  const authorization = `Basic ${Buffer.from(`${secrets.ariUser}:${secrets.ariPassword}`).toString('base64')}`
  const url = `http://${http.host}:${http.port}/ari/channels?${query}`
  const answer = await fetch(url, { method: 'POST', headers: { authorization } })
  t.equal(answer.status, 200, `the provider calls ${endpoint}`)
}

await t.test('the line registers with its password', async (t) => {
  // Asterisk waits a random time of up to ten seconds before it registers.
  await provider.happened('PhoneChanged', { username: account, reachable: true }, 25_000)
  t.match((await provider.pbx.inventory()).phones, [{ username: account, desk: true }])
  const wrong = await runSipp(t, {
    scenario: register(account, 'not-the-password-of-it'),
    local: { host: '127.0.0.21', port: await freePort('127.0.0.21') },
    remote: { host, port },
    service: account,
  })
  t.not(await wrong.done, 0, 'the provider requires the password')
})

await t.test('the provider’s calls arrive through the registration', async (t) => {
  for (const endpoint of [`PJSIP/${account}`, `PJSIP/0256969@${account}`, `PJSIP/969@${account}`]) {
    const before = arrivals().length
    await providerCalls(endpoint, '0722000961')
    await until(() => arrivals().length > before)
    const arrived = arrivals()[before] as Extract<PbxEvent, { type: 'CallArrived' }>
    t.match(arrived, { line: '969', callerNumber: '0722000961' }, endpoint)
    const channel = callerLegOf(arrived.call)
    t.equal(await pbx.perform({ do: 'AnswerCaller', channel }), 'done')
    t.equal(await pbx.perform({ do: 'HangUp', channel, as: 'normal' }), 'done')
    await line.gone(channel)
  }
})

await t.test('a stranger’s call does not arrive, under any name', async (t) => {
  // The end of a call is reported before its channel is gone.
  await until(async () => (await pbx.inventory()).channels.length === 0)
  const before = arrivals().length
  for (const user of ['0722000962', 'trunk', account, 'ana', 'trunk-registration']) {
    const run = await runSipp(t, {
      scenario: `${caller.invite({ from: `<sip:${user}@${host}>` })}<recv response="100" optional="true"/><recv response="401"/>`,
      local: { host: '127.0.0.21', port: await freePort('127.0.0.21') },
      remote: line.asterisk.options.sip,
      service: '969',
    })
    t.equal(await run.done, 0, `${user} is refused`)
  }
  t.equal(arrivals().length, before)
  t.same((await pbx.inventory()).channels, [])
})

await t.test('112 from an agent’s phone goes out through the account', async (t) => {
  const auth = authentication('ana', phonePassword('ana', 'desk'))
  const from = '<sip:ana@[local_ip]>'
  await runSipp(t, {
    scenario: `${caller.invite({ from })}<recv response="401" auth="true"/>${caller.ackRefused}
      ${caller.invite({ from, headers: [auth], cseq: 2 })}${caller.answered}`,
    local: { host: '127.0.0.1', port: await freePort('127.0.0.1') },
    remote: line.asterisk.options.sip,
    service: '112',
  })
  const witness = () => readFile(provider.asterisk.layout.celFile, 'utf8')
  await until(async () => new RegExp(`"PJSIP/${account}-\\w+","agents","112"`).test(await witness()))
})
