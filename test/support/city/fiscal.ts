/** A demo fiscal database for one test, in the tests' shared cluster. */
import { randomBytes } from 'node:crypto'
import { Client } from 'pg'
import { provideFiscal } from '../../../tools/demo/fiscal/provide.ts'
import { testCluster, type Teardown } from '../postgres.ts'

export interface TestFiscal {
  /** The reader's login. */
  readonly url: string
  /** A superuser's. */
  readonly adminUrl: string
}

/** The reference date of the tests' amounts. */
export const asOf = '2026-11-24'
export const town = { seed: 969, taxpayers: 60, asOf } as const

export async function testFiscal(t: Teardown, taxpayers: number = town.taxpayers): Promise<TestFiscal> {
  const cluster = testCluster(t)
  const name = `f${randomBytes(6).toString('hex')}`
  await asAdmin(cluster.adminUrl, (client) => client.query(`create database ${name}`))
  t.teardown(() =>
    asAdmin(cluster.adminUrl, async (client) => {
      await client.query(`drop database ${name} with (force)`)
      await client.query(`drop role if exists ${name}_owner, ${name}_reader`)
    }),
  )
  const url = new URL(cluster.adminUrl)
  url.pathname = `/${name}`
  const provided = await provideFiscal({
    ...town,
    taxpayers,
    adminUrl: url.href,
    rolePrefix: name,
    readerPassword: 'of the reader',
  })
  return { url: provided.url, adminUrl: url.href }
}

export async function asAdmin<Value>(url: string, work: (client: Client) => Promise<Value>): Promise<Value> {
  const client = new Client({ connectionString: url })
  // A connection that breaks while it closes must not fail the test.
  client.on('error', () => undefined)
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
