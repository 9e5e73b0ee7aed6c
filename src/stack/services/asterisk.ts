/** A private Asterisk as a supervised process, configured by `asterisk/config/layout.ts`. */
import { join } from 'node:path'
import type { AsteriskLayout, AsteriskOptions } from '../../asterisk/config/layout.ts'
import { askConsole } from '../asterisk-console.ts'
import { asteriskLife } from './asterisk-life.ts'
import { answersHttp, answersSip, answersText } from './probes.ts'
import { ownPrograms } from '../privileges/landlock.ts'
import { Service } from './service.ts'

export interface PbxOptions {
  readonly name: string
  /** The present options. The listening addresses change when a standby takes over. */
  readonly options: () => AsteriskOptions
  readonly layout: AsteriskLayout
  readonly logFile: string
  readonly onSpawn?: (pid: number) => void
  readonly onChange?: (line: string) => void
  /** Set when a standby takes over at its end; then silence is detected sooner. */
  readonly ended?: () => Promise<void>
}

const lookEveryMs = 500
/**
 * A start takes one or two seconds. Loading modules in parallel can deadlock (asterisk/asterisk#1611); a second try
 * then succeeds.
 */
const readyWithinMs = 20_000
const startsMax = 3

export function pbxService(pbx: PbxOptions): Service {
  const { layout, name, onChange = () => undefined } = pbx
  const ari = () => {
    const { http, secrets } = pbx.options()
    const auth = `${secrets.ariUser}:${secrets.ariPassword}`
    return answersHttp(http, '/ari/asterisk/ping', (status) => status === 200, auth)
  }
  const { dir, tree, sip, standsByFor } = pbx.options()
  const others = standsByFor === undefined ? [] : [standsByFor.etcDir, standsByFor.soundsDir]
  const console = { tree, conf: join(dir, 'etc', 'asterisk.conf'), owned: dir }
  return new Service({
    name,
    command: layout.command,
    args: layout.args,
    env: layout.env,
    cwd: dir,
    reach: {
      reads: [dir, ...others, ...ownPrograms, ...(tree === null ? [] : [tree])],
      writes: layout.writes,
    },
    lowPort: sip.port < 1024,
    logFile: pbx.logFile,
    errorLog: join(dir, 'log', 'messages.log'),
    readyWithinMs,
    startsMax,
    cpuScheduling: 'media',
    probe: ari,
    life: asteriskLife({
      ari,
      others: [
        () => answersText(pbx.options().ami, '', /Asterisk Call Manager/),
        () => answersSip(sipOf(pbx.options())),
        async () => (await askConsole(console, 'core show uptime')) !== null,
      ],
      command: (command) => askConsole(console, command),
      tell: (line) => onChange(`${name} ${line}`),
    }),
    ...(pbx.onSpawn === undefined ? {} : { onSpawn: pbx.onSpawn }),
    ...(pbx.onChange === undefined ? {} : { onChange: pbx.onChange }),
    ...(pbx.ended === undefined ? {} : { ended: pbx.ended, lookEveryMs }),
  })
}

const sipOf = ({ sip, lan }: AsteriskOptions) => ({ host: lan ?? sip.host, port: sip.port })
