/** The Node server as a supervised process, and the environment that tells it where everything is. */
import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readSettings, type Paths } from '../../config.ts'
import { releaseLease } from '../../redis/release-lease.ts'
import { acdKeys } from '../../redis/keys.ts'
import { answersHttp } from './probes.ts'
import { ownPrograms, type LandlockRules } from '../privileges/landlock.ts'
import { Service } from './service.ts'

const main = fileURLToPath(new URL('../../main.ts', import.meta.url))

export interface ServerOptions {
  /** 1 for the first node. */
  readonly node: number
  readonly port: number
  /** Another program, in tests of the stack itself. */
  readonly program?: string
  readonly logFile: string
  /** Settings as `config.ts` reads them. Secrets travel here, where only this user can look. */
  readonly environment: Readonly<Record<string, string>>
  readonly onSpawn?: (pid: number) => void
  readonly onChange?: (line: string) => void
}

export function serverService(options: ServerOptions): Service {
  const program = options.program ?? main
  const { paths, nodes, keyPrefix, pbxName, given } = readSettings(options.environment)
  const name = `node${options.node}`
  const giveBack = async (): Promise<void> => {
    if (given.redisUrl !== null) await releaseLease(given.redisUrl, acdKeys(keyPrefix, pbxName), name)
  }
  return new Service({
    name: options.node === 1 ? 'the server' : `server node ${options.node}`,
    // The same Node that runs us.
    command: process.execPath,
    // What is cleared of dead objects in one go: by itself it becomes four times as much, and a busy line then waits
    // 20 to 40 ms for it instead of 3 to 15 (docs/measurements/2026-11-27-server-stalls.md).
    args: ['--max-semi-space-size=8', program],
    env: {
      ...options.environment,
      // A restart compiles nothing anew: a third of its time.
      NODE_COMPILE_CACHE: join(paths.var, 'cache', 'node'),
      TMPDIR: join(paths.var, 'tmp'),
      NODE_NAME: name,
      API_PORT: String(options.port),
    },
    reach: reachOf(paths, program),
    precedence: 'control',
    // Another one has taken the line over by then.
    ...(nodes > 1 ? { givesWay: true, ended: giveBack } : {}),
    logFile: options.logFile,
    readyWithinMs: 30_000,
    probe: () =>
      answersHttp({ host: '127.0.0.1', port: options.port }, '/healthz', (status) => status === 200),
    ...(options.onSpawn === undefined ? {} : { onSpawn: options.onSpawn }),
    ...(options.onChange === undefined ? {} : { onChange: options.onChange }),
  })
}

/** Not the secrets, which it has in its environment, and no other part's data. */
function reachOf(paths: Paths, program: string): LandlockRules {
  const own = [
    ...['spool', 'cache', 'log', 'tmp', 'speech'].map((name) => join(paths.var, name)),
    paths.anchor,
    paths.recordingKeys,
  ]
  for (const folder of own) mkdirSync(folder, { recursive: true, mode: 0o700 })
  return {
    reads: [...ownPrograms, dirname(program), paths.sounds, dirname(paths.cel), paths.demo],
    writes: [...own, paths.asteriskEtc, paths.recordings],
  }
}
