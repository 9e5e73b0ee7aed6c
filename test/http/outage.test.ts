import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { Kysely, PostgresDialect } from 'kysely'
import { Pool } from 'pg'
import t from 'tap'
import type { Database } from '../../src/ledger/database.ts'
import type { Tables } from '../../src/ledger/tables.ts'
import { testDatabase } from '../support/postgres.ts'
import { password, serve } from './serve.ts'

/** A connection to PostgreSQL that can be cut. */
async function wireTo(url: string) {
  const { hostname, port } = new URL(url)
  const sockets = new Set<Socket>()
  let cut = false
  const server = createServer((near) => {
    if (cut) return void near.destroy()
    const far = connect(Number(port), hostname)
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('error', () => socket.destroy())
      socket.on('close', () => {
        sockets.delete(socket)
        near.destroy()
        far.destroy()
      })
    }
    near.pipe(far)
    far.pipe(near)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const cuttable = new URL(url)
  cuttable.port = String((server.address() as AddressInfo).port)
  return {
    url: cuttable.href,
    cut() {
      cut = true
      for (const socket of sockets) socket.destroy()
    },
    mend() {
      cut = false
    },
    close() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}

function open(url: string): Database {
  const pool = new Pool({ connectionString: url, max: 5, connectionTimeoutMillis: 10_000 })
  // Both listeners are needed: a client in use emits the error of a lost connection only on itself.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', () => undefined))
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
}

t.test('without PostgreSQL the desk works on, and routes that need it answer 503', async (t) => {
  const { appUrl } = await testDatabase(t)
  const wire = await wireTo(appUrl)
  const db = open(wire.url)
  t.teardown(async () => {
    await db.destroy()
    wire.close()
  })
  const { ask, signIn, live, state } = await serve(t, { db })
  const as = await signIn('agent01')
  t.equal((await ask('GET', '/api/me', { as })).status, 200)
  wire.cut()
  // Longer than a session is valid without a query.
  state.now = Date.now() + 60_000
  t.equal((await ask('PUT', '/api/me/state', { as, body: { state: 'ready' } })).status, 200)
  const feed = await live(as)
  await feed.next('snapshot')
  for (const path of ['/api/calls', '/api/calls/x', '/api/calls/x/recording']) {
    t.match((await ask('GET', path, { as })).json, { status: 503, code: 'database-away' }, path)
  }
  const signing = await ask('POST', '/api/session', { body: { username: 'super', password } })
  t.match(signing.json, { status: 503, code: 'database-away' })
  wire.mend()
  t.equal((await ask('GET', '/api/calls', { as })).status, 200)
})
