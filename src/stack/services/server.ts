/** The Node server as a supervised process, with the environment that configures it. */
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
  /** Node's compile cache, which all nodes share: its own folder, which exists. */
  readonly compileCache: string
  /** Another program than `src/main.ts`, in tests of the stack itself. */
  readonly program?: string
  readonly logFile: string
  /** Settings as `config.ts` reads them. Secrets are passed here, because only this user can read a process's environment. */
  readonly environment: Readonly<Record<string, string>>
  /** Whether another node is up, which is or becomes the owner. */
  readonly hasSubstitute?: () => boolean
  readonly onSpawn?: (pid: number) => void
  readonly onChange?: (line: string) => void
}

export function serverService(options: ServerOptions): Service {
  const program = options.program ?? main
  const settings = readSettings(options.environment)
  const { paths, nodes, keyPrefix, pbxName, given, cityHall, witness, signIn, webhook } = settings
  const files = [
    cityHall.arms?.path,
    witness.stamps?.ca,
    signIn.provider?.secretFile,
    signIn.provider?.caFile,
    webhook?.secretFile,
    settings.piperVoices,
  ]
  const name = `node${options.node}`
  const giveBack = async (): Promise<void> => {
    if (given.redisUrl !== null) await releaseLease(given.redisUrl, acdKeys(keyPrefix, pbxName), name)
  }
  return new Service({
    name: options.node === 1 ? 'the server' : `server node ${options.node}`,
    // The Node that runs this process.
    command: process.execPath,
    // Size of the young generation. By default it grows to four times as much, and a collection under load then takes
    // 20 to 40 ms instead of 3 to 15 (docs/measurements/2026-11-27-server-stalls.md).
    args: ['--max-semi-space-size=8', program],
    env: {
      ...options.environment,
      // Saves a third of a restart's time.
      NODE_COMPILE_CACHE: options.compileCache,
      TMPDIR: join(paths.var, 'tmp'),
      NODE_NAME: name,
      API_PORT: String(options.port),
    },
    reach: reachOf(
      { paths, compileCache: options.compileCache },
      program,
      files.filter((file) => typeof file === 'string'),
    ),
    cpuScheduling: 'control',
    ...(nodes > 1 ? { ended: giveBack } : {}),
    ...(options.hasSubstitute === undefined ? {} : { hasSubstitute: options.hasSubstitute }),
    logFile: options.logFile,
    life: 'beats',
    readyWithinMs: 60_000,
    probe: () =>
      answersHttp({ host: '127.0.0.1', port: options.port }, '/healthz', (status) => status === 200),
    ...(options.onSpawn === undefined ? {} : { onSpawn: options.onSpawn }),
    ...(options.onChange === undefined ? {} : { onChange: options.onChange }),
  })
}

/** Without the secrets' file and without other parts' data; secrets are in the environment. */
function reachOf(
  { paths, compileCache }: { readonly paths: Paths; readonly compileCache: string },
  program: string,
  more: readonly string[],
): LandlockRules {
  const own = [
    ...['spool', 'log', 'tmp', 'speech'].map((name) => join(paths.var, name)),
    paths.anchor,
    paths.journal,
    paths.recordingKeys,
  ]
  for (const folder of [...own, paths.upkeep]) mkdirSync(folder, { recursive: true, mode: 0o700 })
  return {
    reads: [...ownPrograms, dirname(program), dirname(paths.cel), paths.demo, paths.upkeep, ...more],
    // Recorded prompts lie among the sounds.
    writes: [...own, compileCache, paths.asteriskEtc, paths.sounds, paths.recordings],
  }
}
