/** The private Asterisk, laid out by `asterisk/layout.ts` and kept running. */
import { layOutAsterisk } from '../asterisk/layout.ts'
import type { AsteriskLayout, AsteriskOptions } from '../asterisk/layout.ts'
import { answersHttp } from './probes.ts'
import { ownPrograms } from './reach.ts'
import { Service } from './service.ts'

export interface PbxOptions {
  readonly layout: AsteriskOptions
  readonly logFile: string
  readonly onSpawn?: (pid: number) => void
  readonly onChange?: (line: string) => void
}

export async function pbxService(options: PbxOptions): Promise<{ service: Service; layout: AsteriskLayout }> {
  const layout = await layOutAsterisk(options.layout)
  const { secrets, http, dir, tree } = options.layout
  const service = new Service({
    name: 'the telephone exchange (Asterisk)',
    command: layout.command,
    args: layout.args,
    env: layout.env,
    cwd: dir,
    reach: { reads: [dir, ...ownPrograms, ...(tree === null ? [] : [tree])], writes: layout.writes },
    lowPort: options.layout.sip.port < 1024,
    logFile: options.logFile,
    readyWithinMs: 60_000,
    probe: () =>
      answersHttp(
        http,
        '/ari/asterisk/ping',
        (status) => status === 200,
        `${secrets.ariUser}:${secrets.ariPassword}`,
      ),
    ...(options.onSpawn === undefined ? {} : { onSpawn: options.onSpawn }),
    ...(options.onChange === undefined ? {} : { onChange: options.onChange }),
  })
  return { service, layout }
}
