/** The watchdog as a separate supervised process, independent of the server's life. */
import { fileURLToPath } from 'node:url'
import { ownPrograms } from '../privileges/landlock.ts'
import { Service } from './service.ts'

const program = fileURLToPath(new URL('../../watchdog.ts', import.meta.url))

export interface WatchdogOptions {
  readonly logFile: string
  readonly amiUrl: string
  /** Node's compile cache: its own folder, which exists. */
  readonly compileCache: string
  readonly onSpawn?: (pid: number) => void
  readonly onChange?: (line: string) => void
}

export function watchdogService(options: WatchdogOptions): Service {
  return new Service({
    name: 'the watchdog',
    command: process.execPath,
    args: [program],
    env: { AMI_URL: options.amiUrl, NODE_COMPILE_CACHE: options.compileCache },
    reach: { reads: ownPrograms, writes: [options.compileCache] },
    logFile: options.logFile,
    readyWithinMs: 30_000,
    life: 'beats',
    // It has no listener to probe.
    probe: () => Promise.resolve(true),
    ...(options.onSpawn === undefined ? {} : { onSpawn: options.onSpawn }),
    ...(options.onChange === undefined ? {} : { onChange: options.onChange }),
  })
}
