/** Builds the private PBX from the settings, with the URLs for the server. */
import { join } from 'node:path'
import type { AsteriskOptions } from '../../asterisk/config/layout.ts'
import { speechBy } from '../../asterisk/speech/piper.ts'
import type { Settings } from '../../config.ts'
import { allowedToAnybody } from '../../core/phone-number.ts'
import { accessUrl } from './addresses.ts'
import { Exchange, type ExchangeOptions } from './exchange.ts'
import type { PortName } from './ports.ts'
import type { Secrets } from '../secrets.ts'
import { say } from '../terminal.ts'
import { fetchSounds, keepSounds } from '../install/sounds-cache.ts'

export interface PrivateExchangeOptions {
  readonly settings: Settings
  readonly secrets: Secrets
  /** Root of the unpacked Asterisk; null for the system's. */
  readonly tree: string | null
  readonly rtp: AsteriskOptions['rtp']
  readonly portOf: (name: PortName) => number
  readonly common: ExchangeOptions['common']
}

export async function privateExchange(options: PrivateExchangeOptions): Promise<{
  readonly exchange: Exchange
  readonly environment: Record<string, string>
}> {
  const { settings, secrets, tree, rtp, portOf, common } = options
  const { paths, sip, lan, pbxName, trunkHosts, trunkRegister, answer, sipPublic } = settings
  const here = (port: PortName) => ({ host: '127.0.0.1', port: portOf(port) })
  const [http, ami] = [here('asteriskHttp'), here('ami')]
  const logins = { ariUser: 'linia', ariPassword: secrets.ari, amiUser: 'linia', amiPassword: secrets.ami }
  const place = { dir: paths.asterisk, tree, name: pbxName, recordings: paths.recordings }
  const callable = allowedToAnybody(settings.callOut)
  const provider = { trunkHosts, trunkRegister, sipPublic, answer, bounds: settings, callable }
  const speech = speechBy(settings.piperVoices, (language) =>
    say(`! Piper does not speak (${language}): espeak-ng does until the next start. linia doctor says why.`),
  )
  const layout = { ...place, speech, sip, http, ami, rtp, lan, secrets: logins, ...provider }
  await fetchSounds(join(paths.asterisk, 'sounds'))
  const exchange = await Exchange.prepare({
    layout,
    standby: settings.standbyPbx
      ? { dir: `${paths.asterisk}-second`, http: here('standbyHttp'), ami: here('standbyAmi') }
      : null,
    stateFile: join(paths.var, 'exchange.json'),
    common,
  })
  const { soundsDir, etcDir, celFile } = exchange.layout
  await keepSounds(soundsDir)
  return {
    exchange,
    environment: {
      ARI_URL: accessUrl('http', { ...http, user: logins.ariUser, password: logins.ariPassword }),
      AMI_URL: accessUrl('ami', { ...ami, user: logins.amiUser, password: logins.amiPassword }),
      ASTERISK_ETC: etcDir,
      CEL_FILE: celFile,
      SOUNDS_DIR: soundsDir,
      RECORDINGS_DIR: paths.recordings,
    },
  }
}
