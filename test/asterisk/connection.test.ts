import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { pino } from 'pino'
import t from 'tap'
import { AmiConnection } from '../../src/asterisk/ami/ami-connection.ts'
import { startAsterisk } from '../support/pbx/asterisk.ts'
import { until } from '../support/until.ts'

const asterisk = await startAsterisk(t)

void t.test(
  'the adapter connects, lists nothing, sends heartbeats, and reconnects after Asterisk was killed',
  async (t) => {
    const { pbx, events } = asterisk.pbx()
    await pbx.start(() => true)
    t.same(events, [{ type: 'Connected' }])
    const { startedAt, ...listed } = await pbx.inventory()
    t.same(listed, {
      callers: [],
      legs: [],
      ears: [],
      bridges: [],
      phones: [],
      channels: [],
      named: 'pbx1',
    })
    t.ok(Math.abs(Date.now() - (startedAt ?? 0)) < 60_000, 'with the time of its start')
    await pbx.beat()

    const restarted = asterisk.restart()
    await until(() => events.some(({ type }) => type === 'Disconnected'))
    await t.rejects(pbx.beat(), { name: 'PbxUnavailable' })
    await restarted
    await until(() => events.filter(({ type }) => type === 'Connected').length === 2)
    await pbx.beat()
    await pbx.stop()
  },
)

void t.test('a stop of this process is not taken for a silence of Asterisk', async (t) => {
  const { pbx, events } = asterisk.pbx()
  await pbx.start(() => true)
  const nobody = new Int32Array(new SharedArrayBuffer(4))
  Atomics.wait(nobody, 0, 0, 4_500)
  // What arrived during the stop is handled, and a wrong alarm would be told.
  await delay(500)
  t.same(events, [{ type: 'Connected' }])
  await pbx.beat()
  await pbx.stop()
})

void t.test('a second connection with the same name takes over the application', async (t) => {
  const first = asterisk.pbx()
  await first.pbx.start(() => true)
  const second = asterisk.pbx()
  await second.pbx.start(() => true)
  await until(() => first.events.some(({ type }) => type === 'Replaced'))
  await t.rejects(first.pbx.beat(), { name: 'PbxUnavailable' })
  await second.pbx.beat()
  t.same(second.events, [{ type: 'Connected' }])
})

void t.test(
  'an Asterisk that accepts the login and never reports that it has booted is given up',
  async (t) => {
    let connections = 0
    const server = createServer((socket) => {
      connections += 1
      const booted = connections > 1
      socket.on('error', () => undefined)
      socket.write('Asterisk Call Manager/11.0.0\r\n')
      socket.on('data', (data) => {
        const id = /ActionID: *(\S+)/i.exec(data.toString())?.[1]
        socket.write(`Response: Success\r\nActionID: ${id}\r\nMessage: Authentication accepted\r\n\r\n`)
        if (booted) socket.write('Event: FullyBooted\r\nStatus: Fully Booted\r\n\r\n')
      })
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    t.teardown(() => server.close())
    const { port } = server.address() as AddressInfo
    const nothing = () => undefined
    const ami = new AmiConnection(
      { host: '127.0.0.1', port, user: 'linia', password: 'test', log: pino({ level: 'silent' }) },
      { connected: nothing, disconnected: nothing, event: nothing },
    )
    t.teardown(() => ami.stop())
    await ami.start()
    t.equal(connections, 2)
  },
)
