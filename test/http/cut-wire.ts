/** A database whose connection a test cuts and mends. */
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { openDatabase } from '../../src/ledger/database.ts'
import { testDatabase, type Teardown } from '../support/postgres.ts'

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

export const openOverWire = async (t: Teardown) => {
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
