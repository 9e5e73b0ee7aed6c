import { pino } from 'pino'
import t from 'tap'
import { openFiscal } from '../../src/fiscal/postgres.ts'
import { asAdmin, testFiscal } from '../support/city/fiscal.ts'
import { fiscalContract } from './fiscal.ts'

const { url, adminUrl } = await testFiscal(t)
const fiscal = openFiscal({ url, log: pino({ level: 'silent' }) })
t.teardown(() => fiscal.close())

await fiscalContract(t, {
  fiscal,
  goAway: () =>
    asAdmin(adminUrl, async (client) => {
      await client.query(`alter role ${client.escapeIdentifier(new URL(url).username)} nologin`)
      await client.query('select pg_terminate_backend(pid) from pg_stat_activity where usename = $1', [
        new URL(url).username,
      ])
    }),
})
