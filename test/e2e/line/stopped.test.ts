/** The whole system is stopped with a caller in the line, and started again: when the call ended. */
import { setTimeout as pause } from 'node:timers/promises'
import t from 'tap'
import { openDatabase } from '../../../src/ledger/database.ts'
import { freePort } from '../../../src/stack/services/ports.ts'
import { builtUi } from '../../../src/stack/install/ui-build.ts'
import { Stack } from '../../../src/stack/stack.ts'
import { pino } from 'pino'
import { openTown } from '../../support/sip/citizen.ts'
import { startLinia } from '../../support/stack.ts'
import { until } from '../../support/until.ts'

/** Longer than anything that delays an end in normal operation. */
const awayMs = 20_000

t.test(
  'a caller who waits when the system is stopped has waited until then',
  { timeout: 1_500_000 },
  async (t) => {
    const ports = {
      HTTP_PORT: String(await freePort('127.0.0.1')),
      SIP_PORT: String(await freePort('127.0.0.1')),
    }
    const linia = await startLinia(t, { leavesCalls: true, overrides: { GREETING: 'none', ...ports } })
    const { DATABASE_URL, RETENTION_DATABASE_URL } = linia.stack.environment
    const db = openDatabase({ url: linia.databaseUrl, log: pino({ level: 'silent' }) })
    t.teardown(() => db.destroy())
    const town = await openTown(t, { target: linia.sip, from: linia.trunk })
    const began = Date.now()
    await town.call({ callerId: '0722000977' })
    const waits = async () =>
      (await db.selectFrom('call_events').select('after').execute()).some(
        ({ after }) => Reflect.get(after, 'phase') === 'waiting',
      )
    await until(waits)
    // A waiting time that the record can be compared with.
    await pause(2_000)
    const stopBegan = Date.now()
    await linia.stack.stop()
    const stopped = Date.now()
    t.same(await db.selectFrom('calls').selectAll().execute(), [], 'nobody saw the end')
    await pause(awayMs)

    const again = await Stack.start({
      env: {
        VAR_DIR: linia.dir,
        UI_DIR: builtUi,
        LINE_HOURS: 'always',
        DEMO: '1',
        GREETING: 'none',
        DATABASE_URL,
        RETENTION_DATABASE_URL,
        ...ports,
      },
      migrated: true,
    })
    t.teardown(() => again.stop())
    const rows = () => db.selectFrom('calls').select(['queued_at', 'ended_at', 'outcome']).execute()
    await until(async () => (await rows()).length === 1)
    const [row] = await rows()
    const endedAt = Number(row?.ended_at)
    t.equal(row?.outcome, 'failed')
    t.ok(endedAt >= stopBegan - 1_000, `ended ${endedAt - stopBegan} ms after the stop began`)
    t.ok(endedAt <= stopped, `ended ${endedAt - stopped} ms after it was stopped`)
    t.ok(endedAt - Number(row?.queued_at) < stopped - began, 'so long has the caller waited')
  },
)
