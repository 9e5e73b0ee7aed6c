/**
 * Latency of the account view with 100,000 taxpayers, for one with 400 objects: query, decoding, the section as JSON.
 * Runs on a separate PostgreSQL.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Client } from 'pg'
import { pino } from 'pino'
import { sections } from '../../../src/city/taxes/sections.ts'
import { openFiscal } from '../../../src/fiscal/postgres.ts'
import { taxSection } from '../../../src/http/taxes/view.ts'
import { cast } from '../../demo/fiscal/cast.ts'
import { demoSeed, provideFiscal } from '../../demo/fiscal/provide.ts'
import { freePort } from '../../../src/stack/services/ports.ts'
import { ensureDatabase, postgresService, superuser } from '../../../src/stack/services/postgres.ts'
import { say } from '../../../src/stack/terminal.ts'
import { accountOf, identifierOf } from '../../../test/contract/fiscal.ts'
import type { Row } from '../report/figures.ts'

const folder = fileURLToPath(new URL('../../../var/bench/', import.meta.url))
/** Copies of each taxpayer of the demo. */
const times = 10

export async function accountViews(views: number): Promise<Row[]> {
  await mkdir(folder, { recursive: true })
  const dir = await mkdtemp(join(folder, 'taxes-'))
  const [port, password] = [await freePort('127.0.0.1'), 'only-for-this-bench']
  const service = await postgresService({
    dir: join(dir, 'postgres'),
    port,
    password,
    logFile: join(dir, 'log'),
  })
  try {
    await service.start()
    const adminUrl = await ensureDatabase(`postgres://${superuser}:${password}@127.0.0.1:${port}/`, 'fiscal')
    return await measure(adminUrl, views)
  } finally {
    await service.stop()
    await rm(dir, { recursive: true, force: true })
  }
}

/** The same number as in the demo. */
const taxpayers = 10_000

async function measure(adminUrl: string, views: number): Promise<Row[]> {
  const began = performance.now()
  const { url } = await provideFiscal({
    adminUrl,
    rolePrefix: 'bench',
    readerPassword: 'of-the-reader',
    seed: demoSeed,
    taxpayers,
    asOf: '2026-11-24',
  })
  say(`${taxpayers} taxpayers made in ${Math.round(performance.now() - began)} ms`)
  say(`${await multiply(adminUrl)} taxpayers with the copies`)
  const fiscal = openFiscal({ url, log: pino({ level: 'silent' }) })
  try {
    const fleet = await accountOf({ fiscal }, 'fleet')
    const { name, address, identifier } = cast.fleet
    const search = { name, address, identifier: identifierOf(identifier) }
    const found: number[] = []
    const seen: number[] = []
    let bytes = 0
    for (let round = -20; round < views; round++) {
      const start = performance.now()
      await fiscal.find(search)
      const middle = performance.now()
      const section = sections[Math.abs(round) % sections.length] ?? 'due'
      const view = await taxSection(section, async (part) => {
        const answer = await fiscal.account(fleet.taxpayer, [part])
        if (answer.outcome !== 'account') throw new Error(answer.outcome)
        return { account: answer.account, until: 0 }
      })
      const text = JSON.stringify(view)
      const end = performance.now()
      bytes = Math.max(bytes, text.length)
      // The first 20 rounds warm up.
      if (round < 0) continue
      found.push(middle - start)
      seen.push(end - middle)
    }
    say(
      `${fleet.objects.length} objects, ${fleet.debts.length} debts, ${fleet.payments.length} payments; the largest section has ${bytes} bytes`,
    )
    return [
      { name: 'a taxpayer found by number, name and address', durations: found, budget: null },
      { name: 'account view, 400 objects', durations: seen, budget: { p99: 100 } },
    ]
  } finally {
    await fiscal.close()
  }
}

/** Copies all taxpayers under other ids; returns the number of taxpayers. */
async function multiply(adminUrl: string): Promise<number> {
  const client = new Client({ connectionString: adminUrl })
  await client.connect()
  try {
    const apart = 10_000_000
    const copies = `generate_series(1, ${times - 1}) as copy`
    await client.query(`
      insert into fiscal.taxpayer (id, kind, identifier, name, role_number, address, deceased)
        select id + copy * ${apart}, kind, identifier || '-' || copy, name, role_number, address, deceased
        from fiscal.taxpayer, ${copies};
      insert into fiscal.object
        select id + copy * ${apart}, kind, type, place, zone, acquired, useful_area, characteristics
        from fiscal.object, ${copies};
      insert into fiscal.ownership
        select taxpayer + copy * ${apart}, object + copy * ${apart}, numerator, denominator, reductions
        from fiscal.ownership, ${copies};
      insert into fiscal.debt
        select taxpayer + copy * ${apart}, object + copy * ${apart}, year, tax, bonus, instalments, late_charges, penalties
        from fiscal.debt, ${copies};
      insert into fiscal.payment
        select taxpayer + copy * ${apart}, object + copy * ${apart}, year, day, amount, charges, channel, receipt
        from fiscal.payment, ${copies};
      analyze`)
    const { rows } = await client.query<{ count: number }>(
      'select count(*)::int as count from fiscal.taxpayer',
    )
    return rows[0]?.count ?? 0
  } finally {
    await client.end()
  }
}
