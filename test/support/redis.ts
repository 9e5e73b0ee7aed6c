/** A private Redis for one test file: a free loopback port and a folder, removed at the end. */
import { spawn, type ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { PbxName } from '../../src/core/ids.ts'
import { acdKeys, type AcdKeys } from '../../src/redis/keys.ts'
import { connectRedis, whenReady, type AcdRedis } from '../../src/redis/connection.ts'
import { freePort } from '../../src/stack/services/ports.ts'
import type { Teardown } from './postgres.ts'
import { until } from './until.ts'

export interface TestRedis {
  readonly url: string
  /** Keys with a new prefix, one for each test. */
  keys(): AcdKeys
  /** A new connection, closed at the end. */
  connect(options?: { commandTimeoutMs?: number }): AcdRedis
  signal(signal: NodeJS.Signals): void
  /** Kills it at once. Unsaved data is lost. */
  kill(): Promise<void>
  /** Starts it again on the same port with the data of the last SAVE, which may still be loading. */
  start(settings?: readonly string[]): Promise<void>
}

export async function testRedis(t: Teardown): Promise<TestRedis> {
  const dir = await mkdtemp(join(tmpdir(), 'linia-redis-'))
  const port = await freePort('127.0.0.1')
  const url = `redis://127.0.0.1:${port}/0`
  const connections: AcdRedis[] = []
  let child = await run(dir, port)
  t.teardown(async () => {
    // A second disconnect would keep the process alive for ioredis's bound of two seconds.
    for (const connection of connections) if (connection.status !== 'end') connection.disconnect()
    await end(child)
    await rm(dir, { recursive: true, force: true })
  })
  return {
    url,
    keys: () => acdKeys(`test-${randomUUID()}`, PbxName('pbx1')),
    connect(options = { commandTimeoutMs: 1_000 }) {
      const redis = connectRedis(url, pino({ level: 'silent' }), options)
      connections.push(redis)
      return redis
    },
    signal: (signal) => child.kill(signal),
    kill: () => end(child),
    async start(settings) {
      child = await run(dir, port, settings)
    },
  }
}

/** A connection that is ready. */
export async function readyRedis(
  redis: TestRedis,
  options?: { commandTimeoutMs?: number },
): Promise<AcdRedis> {
  const connection = redis.connect(options)
  await whenReady(connection)
  return connection
}

async function run(dir: string, port: number, own: readonly string[] = []): Promise<ChildProcess> {
  const settings = ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', dir, '--save', '']
  const more = ['--appendonly', 'no', '--maxmemory-policy', 'noeviction']
  const child = spawn('redis-server', [...settings, ...more, ...own], { stdio: 'ignore' })
  await until(() => answers(port))
  return child
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: '127.0.0.1', port })
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
