/** A Redis of the test's own, on a socket in a folder of its own; it can be killed and started again. */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Teardown } from '../support/postgres.ts'

export class PrivateRedis {
  readonly socket: string
  readonly #folder = mkdtempSync(path.join(tmpdir(), 'linia-redis-'))
  #process: ChildProcess | null = null

  constructor(t: Teardown) {
    this.socket = path.join(this.#folder, 'socket')
    t.teardown(async () => {
      await this.kill()
      rmSync(this.#folder, { recursive: true })
    })
  }

  async start(): Promise<void> {
    const flags = ['--port', '0', '--unixsocket', this.socket, '--save', '', '--dir', this.#folder]
    const redis = spawn('redis-server', flags, { stdio: ['ignore', 'pipe', 'inherit'] })
    this.#process = redis
    for await (const line of redis.stdout) if (String(line).includes('Ready to accept connections')) break
    redis.stdout.resume()
  }

  async kill(): Promise<void> {
    const redis = this.#process
    this.#process = null
    if (redis === null || redis.exitCode !== null) return
    redis.kill('SIGKILL')
    await once(redis, 'exit')
  }
}
