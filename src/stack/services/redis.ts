/** The private Redis: on a loopback port with a password, append-only, never evicting. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { findProgram } from '../command.ts'
import { writePrivate } from '../files.ts'
import { answersText } from './probes.ts'
import { UserError } from '../terminal.ts'
import { Service } from './service.ts'

export interface RedisOptions {
  readonly dir: string
  readonly port: number
  readonly logFile: string
  readonly password: string
  /** False for tests that need no persistence. */
  readonly durable?: boolean
  readonly onSpawn?: (pid: number) => void
  readonly onChange?: (line: string) => void
}

export async function redisService(options: RedisOptions): Promise<Service> {
  const program = findProgram('redis-server')
  if (program === null) throw new UserError('Redis is missing. Run: sudo apt-get install redis-server')
  await mkdir(options.dir, { recursive: true, mode: 0o700 })
  const file = join(options.dir, 'redis.conf')
  // The password goes into the file, because command lines are visible to every user of the machine.
  await writePrivate(file, configuration(options))
  return new Service({
    name: 'the line’s memory (Redis)',
    command: program,
    args: [file],
    cwd: options.dir,
    reach: { reads: [], writes: [options.dir] },
    logFile: options.logFile,
    readyWithinMs: 30_000,
    cpuScheduling: 'control',
    probe: () =>
      answersText(
        { host: '127.0.0.1', port: options.port },
        `AUTH ${options.password}\r\nPING\r\n`,
        /^\+OK\r\n\+PONG/,
      ),
    ...(options.onSpawn === undefined ? {} : { onSpawn: options.onSpawn }),
    ...(options.onChange === undefined ? {} : { onChange: options.onChange }),
  })
}

function configuration(options: RedisOptions): string {
  const durable = options.durable !== false
  const lines = [
    'bind 127.0.0.1',
    `port ${options.port}`,
    'protected-mode yes',
    `requirepass ${options.password}`,
    `dir "${options.dir}"`,
    `appendonly ${durable ? 'yes' : 'no'}`,
    'appendfsync everysec',
    // A dump keeps the bytes of trimmed stream entries until their whole node is gone; a list of commands has none of them,
    // so that a rewrite ends what retention has ended. As large and as fast: 20,000 events are 31 MB, loaded in 0.1 s.
    'aof-use-rdb-preamble no',
    'save ""',
    'maxmemory-policy noeviction',
    'daemonize no',
    'supervised no',
    'logfile ""',
  ]
  return `${lines.join('\n')}\n`
}

export function redisUrlOf(port: number, password: string): string {
  return `redis://:${password}@127.0.0.1:${port}/0`
}
