/** `linia doctor` about the systems outside. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import t from 'tap'
import type { TestResult } from '../../../src/city/connections/connection.ts'
import { readSettings } from '../../../src/config.ts'
import { beginTest, endTest } from '../../../src/ledger/connections/tests.ts'
import { enqueue, recordTry } from '../../../src/ledger/documents/outbox.ts'
import { addAccount } from '../../../src/people/accounts.ts'
import {
  tellRetention,
  wrongAtDocuments,
  wrongAtFiscal,
  wrongAtProvider,
} from '../../../src/stack/commands/connections.ts'
import { freePort } from '../../../src/stack/services/ports.ts'
import { registered } from '../../ledger/documents/messages.ts'
import { asAdmin, testFiscal } from '../../support/city/fiscal.ts'
import { quickHash } from '../../support/passwords.ts'
import { testDatabase } from '../../support/postgres.ts'

type FailedTest = Extract<TestResult, { readonly outcome: 'fails' }>

const secret = (fill: number) => `whsec_${Buffer.alloc(32, fill).toString('base64')}`

t.test('a document system that takes nothing is found, with the cause on record', async (t) => {
  const { db, appUrl: url } = await testDatabase(t)
  const settings = readSettings({
    DATABASE_URL: url,
    DOCUMENTS_URL: 'https://documente.primaria.example/secret-path',
    DOCUMENTS_SECRET: secret(1),
    DOCUMENTS_STATUS_SECRET: secret(2),
    VAR_DIR: t.testdir(),
  })
  const told: string[] = []
  const wrong = (now?: number) => wrongAtDocuments(settings, (line) => told.push(line), now)
  t.strictSame(await wrong(), [])
  t.match(told, [/^Documents +https:\/\/documente\.primaria\.example not asked yet; 0 messages wait$/])
  const id = await db.transaction().execute((trx) => enqueue(trx, registered('CC2026-900001')))
  await recordTry(db, { id, tries: 0 }, { outcome: 'refused', status: 401 }, Date.now())
  t.match(await wrong(), [/takes nothing since 20.*: it refuses \(HTTP 401\)\. Requests wait\.$/])
  t.match(await wrong(Date.now() + 3 * 3_600_000), [/takes nothing/, /1 messages .* over two hours late/])
  await recordTry(db, { id, tries: 1 }, { outcome: 'delivered' }, Date.now())
  t.strictSame(await wrong(), [])
  t.match(told.at(-1), /works since .*; 0 messages wait/)
  const account = { username: 'admin01', name: 'Ana Pop', employer: 'Primăria', password: 'x'.repeat(12) }
  const added = await addAccount(db, { ...account, roles: ['administrator'] }, quickHash)
  if (!added.ok) throw new Error(added.why)
  const test = { connection: 'documents', by: added.account.id, node: 'node1' } as const
  const failed = async (result: Pick<FailedTest, 'cause' | 'status' | 'part'>) => {
    const begun = await beginTest(db, test)
    if (!begun.ok) throw new Error(begun.why)
    await endTest(db, begun.id, test, { outcome: 'fails', tookMs: 1, ...result })
  }
  await failed({ cause: 'no answer in time', status: null, part: 'look-ups' })
  await failed({ cause: 'refused', status: 404, part: 'deliveries' })
  t.strictSame(await wrong(), [], 'deliveries still arrive')
  await failed({ cause: 'refused', status: 401, part: 'deliveries' })
  t.match(await wrong(), [/it refuses \(HTTP 401\)/])
  t.notMatch(told.join(), /secret-path|whsec_/)
})

t.test('the fiscal database is asked about nobody; a login that can write is found', async (t) => {
  const { url, adminUrl } = await testFiscal(t)
  const told: string[] = []
  const wrong = (taxUrl = url) =>
    wrongAtFiscal(readSettings({ TAX_DATABASE_URL: taxUrl }), (line) => told.push(line))
  t.strictSame(await wrong(), [])
  t.match(told, [/can write nothing/])
  await asAdmin(adminUrl, (client) =>
    client.query(`create table public.notes (a int); grant insert on public.notes to public`),
  )
  t.match(await wrong(), [/this login can write there/])
  const admin = (query: string) => asAdmin(adminUrl, (client) => client.query(query))
  const lacks = [/lacks a function, fiscal\.taxpayer_named or fiscal\.account_of\. Calls are answered/]
  for (const name of ['taxpayer_named(text)', 'account_of(uuid, text[])']) {
    await admin(`alter function fiscal.${name} rename to away`)
    t.match(await wrong(), lacks, name)
    const [old, arguments_] = name.split('(')
    await admin(`alter function fiscal.away(${arguments_} rename to ${old}`)
  }
  const away = `postgres://reader:x@127.0.0.1:${await freePort('127.0.0.1')}/fiscal`
  t.match(await wrong(away), [/cannot be used/])
  t.strictSame(await wrongAtFiscal(readSettings({}), (line) => told.push(line)), [])
})

t.test('a sign-in that does not answer is found; without one nothing is said', async (t) => {
  const settings = readSettings({})
  t.strictSame(await wrongAtProvider(settings), [])
  const told: string[] = []
  const provider = { caFile: null, issuer: `http://127.0.0.1:${await freePort('127.0.0.1')}` }
  const signIn = { ...settings.signIn, provider } as unknown as typeof settings.signIn
  t.match(await wrongAtProvider({ ...settings, signIn }, (line) => told.push(line)), [/does not answer/])
  t.match(told, [/^Sign-in +http/])
})

t.test(
  'a sign-in with a certificate of the city’s own authority answers, as it does to the server',
  async (t) => {
    const folder = t.testdir()
    const [key, cert] = [path.join(folder, 'key.pem'), path.join(folder, 'cert.pem')]
    const made = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
    const subject = ['-subj', '/CN=idp', '-addext', 'subjectAltName=IP:127.0.0.1']
    execFileSync('openssl', ['req', '-x509', ...made, '-keyout', key, '-out', cert, ...subject], {
      stdio: 'pipe',
    })
    const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (_, response) =>
      response.end('{}'),
    )
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    t.teardown(() => {
      server.close()
      server.closeAllConnections()
    })
    const issuer = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
    const settings = readSettings({})
    const wrong = (caFile: string | null) => {
      const signIn = { ...settings.signIn, provider: { issuer, caFile } } as unknown as typeof settings.signIn
      return wrongAtProvider({ ...settings, signIn }, () => undefined)
    }
    t.match(await wrong(null), [/does not answer/])
    t.match(await wrong(path.join(folder, 'none.pem')), [/^OIDC_CA_FILE: .*none\.pem cannot be read/])
    t.strictSame(await wrong(cert), [])
  },
)

t.test('the terms of retention are told', (t) => {
  const told: string[] = []
  tellRetention(readSettings({ RETENTION_LOGS_DAYS: '90' }), (line) => told.push(line))
  t.match(told, [/recordings 183, .*traces 90$/])
  t.end()
})
