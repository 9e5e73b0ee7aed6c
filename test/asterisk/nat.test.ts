/** Behind NAT: hosts outside get the public address. */
import { randomInt } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { layOutAsterisk } from '../../src/asterisk/config/layout.ts'
import { freePort } from '../../src/stack/services/ports.ts'
import { setScene } from '../support/pbx/pbx-scene.ts'
import { caller, pause, phone, runSipp } from '../support/sip/sipp.ts'
import { until } from '../support/until.ts'

const sipPublic = '198.51.100.7'
/** Loopback addresses divided into inside and outside. */
const localNetworks = ['127.0.0.0/24']
const outside = `127.${randomInt(130, 250)}.${randomInt(256)}.30`
const inside = '127.0.0.30'

const { asterisk, events } = await setScene(t, [], {
  trunkHosts: [outside, inside],
  sipPublic,
  localNetworks,
})

await t.test('a caller from outside gets the public address, one from inside our own', async (t) => {
  const call = async (host: string) => {
    const before = events.length
    const run = await runSipp(t, {
      scenario: `${caller.invite()}<recv response="100" optional="true"/><recv response="183"/>${pause(500)}`,
      local: { host, port: await freePort(host) },
      remote: asterisk.options.sip,
      service: '969',
    })
    await until(() => events.slice(before).some((event) => event.type === 'CallArrived'))
    await until(() => /^SIP\/2\.0 183/m.test(run.messages()))
    const answer = run.messages().slice(run.messages().indexOf('SIP/2.0 183'))
    return {
      contact: /^Contact: <sip:(?:[^@>]*@)?([\d.]+):(\d+)/m.exec(answer)?.slice(1),
      sound: /^c=IN IP4 (\S+)/m.exec(answer)?.[1],
    }
  }
  const { host, port } = asterisk.options.sip
  t.same(await call(outside), { contact: [sipPublic, String(port)], sound: sipPublic })
  t.same(await call(inside), { contact: [host, String(port)], sound: host })
})

await t.test('the registration contains the public address as well', async (t) => {
  const provider = outside.replace(/30$/, '31')
  const { asterisk } = await setScene(t, ['ana'], {
    trunkHosts: [],
    trunkRegister: `sip:0256969:a-password-of-ours@${provider}`,
    sipPublic,
    localNetworks,
  })
  const registrar = await runSipp(t, {
    scenario: phone.invited.replace('INVITE', 'REGISTER'),
    local: { host: provider, port: 5060 },
    remote: asterisk.options.sip,
    service: '969',
    calls: 1000,
  })
  await until(() => registrar.messages().includes('\nREGISTER sip:'))
  const request = registrar.messages().slice(registrar.messages().indexOf('\nREGISTER sip:'))
  t.match(request, new RegExp(`^Contact: <sip:969@${sipPublic}:${asterisk.options.sip.port}[;>]`, 'm'))
  t.match(request, new RegExp(`^Via: SIP/2.0/UDP ${sipPublic}:`, 'm'))
})

await t.test('without NAT no address is translated', async (t) => {
  const dir = await mkdtemp(join(tmpdir(), 'linia-nat-'))
  t.teardown(() => rm(dir, { recursive: true, force: true }))
  const { sipPublic: _, localNetworks: __, ...options } = asterisk.options
  const transports = async (change: object) => {
    const { etcDir } = await layOutAsterisk({
      ...options,
      dir,
      standsByFor: asterisk.layout,
      serves: true,
      ...change,
    })
    return readFile(join(etcDir, 'pjsip-service.conf'), 'utf8')
  }
  t.notMatch(await transports({}), /external|local_net/)
  const behind = await transports({ sipPublic })
  const nat = [
    `external_signaling_address = ${sipPublic}`,
    `external_media_address = ${sipPublic}`,
    'local_net = 10.0.0.0/8',
    'local_net = 172.16.0.0/12',
    'local_net = 192.168.0.0/16',
    'local_net = 127.0.0.0/8',
  ]
  t.same(behind.match(/^(external|local_net).*$/gm), [...nat, ...nat], 'over UDP and over TCP')
})
