import { createServer, type Socket } from 'node:net'
import { pino } from 'pino'
import t from 'tap'
import { Client } from 'pg'
import { accountParts, TaxpayerId } from '../../src/city/taxes/account.ts'
import { openFiscal } from '../../src/fiscal/postgres.ts'
import { provideFiscal } from '../../tools/demo/fiscal/provide.ts'
import { accountOf, identifierOf } from '../contract/fiscal.ts'
import { cast } from '../../tools/demo/fiscal/cast.ts'
import { asAdmin, testFiscal, town } from '../support/city/fiscal.ts'
import { townAccounts } from '../support/city/town-accounts.ts'

const database = await testFiscal(t)
const silent = pino({ level: 'silent' })

function openAs(
  t: { teardown(fn: () => Promise<void>): void },
  options: Partial<Parameters<typeof openFiscal>[0]> = {},
) {
  const fiscal = openFiscal({ url: database.url, log: silent, ...options })
  t.teardown(() => fiscal.close())
  return fiscal
}

t.test('the login lists nothing, reads no table, and calls only the two functions', async (t) => {
  const tables = ['situation', 'taxpayer', 'object', 'ownership', 'debt', 'payment']
  await asAdmin(database.url, async (client: Client) => {
    for (const table of tables) {
      await t.rejects(client.query(`select * from fiscal.${table}`), { code: '42501' }, `select ${table}`)
      await t.rejects(client.query(`delete from fiscal.${table}`), { code: '42501' }, `delete ${table}`)
      await t.rejects(client.query(`truncate fiscal.${table}`), { code: '42501' }, `truncate ${table}`)
      await t.rejects(client.query(`copy fiscal.${table} to stdout`), { code: '42501' }, `copy ${table}`)
    }
    for (const name of ['objects_of', 'debts_of', 'payments_of'])
      await t.rejects(client.query(`select fiscal.${name}(1)`), { code: '42501' }, name)
    await t.rejects(client.query('create table fiscal.mine (a int)'), { code: '42501' })
    await t.rejects(client.query('create table public.mine (a int)'), { code: '42501' })
    await t.rejects(client.query(`create temp table taxpayer (a int)`), { code: '42501' })
    const found = await client.query<{ name: string }>(`
      select p.proname as name from pg_proc p join pg_namespace n on n.oid = p.pronamespace
      where n.nspname = 'fiscal' and has_function_privilege(p.oid, 'execute') order by 1`)
    t.strictSame(
      found.rows.map(({ name }) => name),
      ['account_of', 'taxpayer_named'],
    )
    const whole = await client.query('select * from fiscal.taxpayer_named($1)', ['1850315351233'])
    t.equal(whole.rowCount, 1)
    for (const part of ['185031535123', '%', '_____________', ''])
      t.equal((await client.query('select * from fiscal.taxpayer_named($1)', [part])).rowCount, 0, part)
  })
})

t.test('the functions return every account as the seed made it', async (t) => {
  const fiscal = openAs(t)
  let count = 0
  for (const { identifier, account } of townAccounts(town)) {
    const { name, address } = account
    const found = await fiscal.find({ name, address, identifier: identifierOf(identifier) })
    if (found.outcome !== 'match') throw new Error(`${identifier}: ${found.outcome}`)
    const answer = await fiscal.account(found.taxpayer, accountParts)
    if (answer.outcome !== 'account') throw new Error(`${identifier}: ${answer.outcome}`)
    const { taxpayer: _, ...said } = answer.account
    const { taxpayer: __, ...made } = account
    count += 1
    // One assertion for each account: thousands of them would hide a failing one.
    const alike = JSON.stringify(sorted(said)) === JSON.stringify(sorted(made))
    if (!alike) t.strictSame(sorted(said), sorted(made), name)
  }
  t.ok(count >= town.taxpayers, `${count} accounts alike`)
})

t.test('the same town is not made twice; another year makes a new one, with other handles', async (t) => {
  const options = {
    ...town,
    adminUrl: database.adminUrl,
    rolePrefix: new URL(database.adminUrl).pathname.slice(1),
    readerPassword: 'of the reader',
  }
  const before = (await accountOf({ fiscal: openAs(t) }, 'owner')).taxpayer
  t.equal((await provideFiscal({ ...options, asOf: '2026-12-30' })).made, false)
  t.equal((await accountOf({ fiscal: openAs(t) }, 'owner')).taxpayer, before)
  t.equal((await provideFiscal({ ...options, asOf: '2027-01-04' })).made, true)
  const after = await accountOf({ fiscal: openAs(t) }, 'owner')
  t.not(after.taxpayer, before)
  t.equal(after.asOf, '2027-01-04')
  t.equal((await provideFiscal(options)).made, true)
})

t.test('a query to a hanging database times out, and its values are not logged', async (t) => {
  const sockets: Socket[] = []
  const deaf = createServer((socket) => void sockets.push(socket))
  await new Promise<void>((resolve) => deaf.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    for (const socket of sockets) socket.destroy()
    deaf.close()
  })
  const address = deaf.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const lines: string[] = []
  const log = pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) })
  const fiscal = openFiscal({
    url: `postgres://reader:secret@127.0.0.1:${port}/fiscal`,
    log,
    connectWithinMs: 200,
  })
  t.teardown(() => fiscal.close())
  const began = performance.now()
  const { name, identifier } = cast.owner
  t.strictSame(await fiscal.find({ ...cast.owner, identifier: identifierOf(identifier) }), {
    outcome: 'unreachable',
  })
  t.ok(performance.now() - began < 10_000)
  t.equal(lines.length, 1)
  t.notMatch(lines.join(''), new RegExp(`${identifier}|${name}|secret`))
})

t.test('a query that takes too long is cancelled', async (t) => {
  await asAdmin(database.adminUrl, (client) =>
    client.query(`
      alter function fiscal.account_of(uuid, text[]) rename to account_in_time;
      create function fiscal.account_of(of_handle uuid, parts text[]) returns json language plpgsql as $$
      begin perform pg_sleep(30); return null; end $$;
      grant execute on function fiscal.account_of(uuid, text[]) to public`),
  )
  t.teardown(() =>
    asAdmin(database.adminUrl, (client) =>
      client.query(
        'drop function fiscal.account_of(uuid, text[]); alter function fiscal.account_in_time(uuid, text[]) rename to account_of',
      ),
    ),
  )
  const fiscal = openAs(t, { answerWithinMs: 150 })
  const began = performance.now()
  t.strictSame(await fiscal.account(TaxpayerId('0b1b2c3d-0000-4000-8000-000000000001'), accountParts), {
    outcome: 'unreachable',
  })
  t.ok(performance.now() - began < 10_000)
})

t.test('an answer of another shape is rejected', async (t) => {
  await asAdmin(database.adminUrl, (client) =>
    client.query(`
      alter function fiscal.account_of(uuid, text[]) rename to account_in_shape;
      create function fiscal.account_of(of_handle uuid, parts text[]) returns json language sql as
        $$ select '{"taxpayer":"x","debts":[{"tax":12.5}]}'::json $$;
      grant execute on function fiscal.account_of(uuid, text[]) to public`),
  )
  t.teardown(() =>
    asAdmin(database.adminUrl, (client) =>
      client.query(
        'drop function fiscal.account_of(uuid, text[]); alter function fiscal.account_in_shape(uuid, text[]) rename to account_of',
      ),
    ),
  )
  const fiscal = openAs(t)
  t.strictSame(await fiscal.account(TaxpayerId('0b1b2c3d-0000-4000-8000-000000000001'), accountParts), {
    outcome: 'unreachable',
  })
})

/** With sorted keys: the database returns JSON with another order of keys. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  )
}
