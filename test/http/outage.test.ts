import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import t from 'tap'
import { openDatabase } from '../../src/ledger/database.ts'
import { testDatabase, type Teardown } from '../support/postgres.ts'
import { password, serve } from './serve.ts'

/** A connection to PostgreSQL that can be cut, also between a commit and its answer. */
async function wireTo(url: string) {
  const { hostname, port } = new URL(url)
  const sockets = new Set<Socket>()
  let cut = false
  let loses: string | null = null
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
    let hasWritten = false
    near.on('data', (sent) => {
      if (loses !== null && sent.includes(loses)) hasWritten = true
      far.write(sent)
    })
    far.on('data', (answer) => {
      if (!hasWritten || !answer.includes('COMMIT')) return void near.write(answer)
      loses = null
      near.destroy()
    })
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
    /** Ends the connection in place of the answer to the next commit of what contains this text. */
    loseCommitOf(text: string) {
      loses = text
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

const openOverWire = async (t: Teardown) => {
  const { appUrl } = await testDatabase(t)
  const wire = await wireTo(appUrl)
  const db = openDatabase({
    url: wire.url,
    connectionsMax: 5,
    connectTimeoutMs: 20_000,
    statementTimeoutMs: 20_000,
  })
  t.teardown(async () => {
    await db.destroy()
    wire.close()
  })
  return { wire, db }
}

t.test('without PostgreSQL the desk works on, and routes that need it answer 503', async (t) => {
  const { wire, db } = await openOverWire(t)
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

t.test(
  'a configuration is published once, whether PostgreSQL is away or only its answer is lost',
  async (t) => {
    const { wire, db } = await openOverWire(t)
    const { ask, signIn } = await serve(t, { db })
    const as = await signIn('admin')
    const { id, document } = (await ask('GET', '/api/configuration', { as })).json
    const publish = (basedOn: unknown, reason: string) =>
      ask('POST', '/api/configuration/versions', { as, body: { document, basedOn, reason } })
    const versions = async () =>
      ((await ask('GET', '/api/configuration/versions', { as })).json as { items: { id: number }[] }).items
    const away = {
      status: 503,
      json: {
        code: 'database-away',
        detail:
          'Baza de date nu răspunde acum. Apelurile merg mai departe; încearcă din nou în câteva secunde.',
      },
    }

    wire.cut()
    t.match(await publish(id, 'avarie'), away)
    wire.mend()
    t.same(await versions(), [], 'nothing is published by itself later')
    const first = await publish(id, 'avarie')
    t.equal(first.status, 201)

    wire.loseCommitOf('configuration_versions')
    t.match(await publish(first.json['id'], 'avaria s-a terminat'), away)
    const [lost] = await versions()
    t.match(lost, { reason: 'avaria s-a terminat' }, 'it is published all the same')
    t.match(await publish(first.json['id'], 'avaria s-a terminat'), { status: 201, json: lost ?? {} })
    t.same(
      (await versions()).map((version) => version.id),
      [lost?.id, first.json['id']],
    )
  },
)
