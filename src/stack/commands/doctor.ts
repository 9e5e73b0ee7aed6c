/** `linia doctor`: versions, what is missing or wrong, and what to do about each. */
import { existsSync } from 'node:fs'
import { readSettings, WrongSettings } from '../../config.ts'
import type { Settings } from '../../config.ts'
import { checkAddresses } from '../services/addresses.ts'
import { findAsterisk, originOf } from '../install/asterisk-tree.ts'
import { frontUrls } from '../services/front-urls.ts'
import { hostsOfCertificate } from '../services/certificate.ts'
import { findProgram, runCommand } from '../command.ts'
import { whyNoSpace } from '../install/disk-space.ts'
import { checkExternalServices } from '../services/external-services.ts'
import { lockHolder } from '../lock.ts'
import { missingPackages, postgresqlBin, postgresqlVersions } from '../install/packages.ts'
import { isTimeSliceShort } from '../privileges/cpu-scheduling.ts'
import { confines } from '../privileges/landlock.ts'
import { say, UserError } from '../terminal.ts'
import {
  tellRetention,
  wrongAtDocuments,
  wrongAtFiscal,
  wrongAtProvider,
  wrongAtTrunk,
} from './connections.ts'
import { wrongAtAsteriskFiles } from './asterisk-files.ts'
import { wrongAtJournal } from './journal-state.ts'
import { wrongAtBackups } from './backup-ages.ts'
import { wrongAtRetention } from './retention-state.ts'
import { wrongAtSpeech } from './speech-state.ts'
import { wrongAtWebhooks } from './webhook-state.ts'
import { newerIsKnown, readUpkeep } from '../../upkeep.ts'
import { builtUi } from '../install/ui-build.ts'

const checkedWithinDays = 30

/** 0 when nothing is wrong. */
export async function doctor(env: Readonly<Record<string, string | undefined>>): Promise<number> {
  const wrong: string[] = []
  for (const [what, version] of await versions()) say(`${what.padEnd(12)} ${version ?? '–'}`)
  const given = givenIn(env)
  const missing = missingPackages('run', given).map((one) => one.package)
  if (missing.length > 0)
    wrong.push(
      `Missing packages: ${missing.join(' ')}. make run installs them where it may; else, in the checkout: sudo make packages`,
    )
  if ((given?.ari ?? null) === null && (await findAsterisk()) === null)
    wrong.push('Asterisk 22 is not here yet: make run fetches it.')
  if (!existsSync(builtUi)) wrong.push('The screens are not built yet: make run builds them.')
  wrong.push(...(await wrongAtRun(env)))
  for (const sentence of wrong) say(`! ${sentence}`)
  if (wrong.length === 0) say('Nothing is missing or wrong.')
  return wrong.length === 0 ? 0 : 1
}

/** External services in the settings; undefined where the settings are wrong, which is reported elsewhere. */
function givenIn(env: Readonly<Record<string, string | undefined>>): Settings['given'] | undefined {
  try {
    return readSettings(env).given
  } catch (error) {
    if (error instanceof WrongSettings) return undefined
    throw error
  }
}

async function versions(): Promise<readonly (readonly [string, string | null])[]> {
  const postgres = postgresqlVersions()[0]
  const asterisk = await findAsterisk()
  const origin = asterisk === null || asterisk.tree === null ? null : await originOf(asterisk.tree)
  return [
    ['Node', process.version],
    [
      'Asterisk',
      asterisk === null
        ? null
        : `${asterisk.version}${origin === null ? '' : `, fetched ${daysSince(origin.fetchedAt)} days ago, in ${asterisk.tree}`}`,
    ],
    ['Redis', await versionOf(findProgram('redis-server'), '--version')],
    [
      'PostgreSQL',
      await versionOf(postgres === undefined ? null : `${postgresqlBin(postgres)}/postgres`, '--version'),
    ],
    ['Caddy', await versionOf(findProgram('caddy'), 'version')],
    // Without it the parts run too, but may read each other's files.
    ['Confinement', confines() ? 'Landlock' : null],
    // Without a short time slice audio has no priority on a busy machine (docs/guides/install.md).
    ['Real time', isTimeSliceShort() ? 'short time slice' : null],
    ['Chromium', await versionOf(findProgram('chromium-headless-shell'), '--version')],
  ]
}

const daysSince = (iso: string): number => Math.floor((Date.now() - Date.parse(iso)) / 86_400_000)

async function versionOf(program: string | null, option: string): Promise<string | null> {
  if (program === null) return null
  const { code, stdout } = await runCommand(program, [option])
  return code === 0 ? (stdout.trim().split('\n')[0] ?? null) : null
}

/** Checks the settings, then the running system or, without one, whether a start is possible. */
async function wrongAtRun(env: Readonly<Record<string, string | undefined>>): Promise<readonly string[]> {
  try {
    const settings = readSettings(env)
    const both = [
      ...(await whyNoSpace(settings)),
      ...(await wrongAtFiscal(settings)),
      ...(settings.given.ari === null ? whyOutdated(settings) : []),
      ...wrongAtBackups(settings),
      ...(await wrongAtSpeech(settings)),
    ]
    tellRetention(settings)
    const holder = await lockHolder(settings.paths.var)
    if (holder !== null)
      return [
        ...(await unready(settings, holder.url)),
        ...(await wrongAtTrunk(settings)),
        ...(await wrongAtAsteriskFiles(settings)),
        ...(await wrongAtDocuments(settings)),
        ...(await wrongAtProvider(settings)),
        ...(await wrongAtJournal(settings)),
        ...(await wrongAtRetention(settings)),
        ...(await wrongAtWebhooks(settings)),
        ...both,
      ]
    await checkExternalServices(settings)
    if (settings.tls !== null) await hostsOfCertificate(settings.tls)
    await checkAddresses(settings, settings.given.ari === null)
    return both
  } catch (error) {
    if (error instanceof WrongSettings || error instanceof UserError) return error.message.split('\n')
    throw error
  }
}

/** Asterisk answers the network: one that is never updated keeps holes that are known to all. */
function whyOutdated({ paths }: Settings): readonly string[] {
  const asterisk = readUpkeep(paths.upkeep, 'asterisk')
  // A start does not look for updates, so a new system has no record.
  if (asterisk === null) return []
  if (newerIsKnown(asterisk))
    return [`Asterisk ${asterisk.newest} is there, and not in use. Run: linia update`]
  const days = daysSince(asterisk.checkedAt)
  return days <= checkedWithinDays
    ? []
    : [`Nobody has looked for a newer Asterisk for ${days} days. Run: linia update`]
}

async function unready(settings: Settings, url: string): Promise<readonly string[]> {
  say(`Running at   ${url}${url === frontUrls(settings)[0] ? '' : ' (other settings than this terminal’s)'}`)
  try {
    const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(5_000) })
    return answer.ok ? [] : [`Calls would not be answered now: ${await answer.text()}`]
  } catch (error) {
    return [`The running system does not answer: ${error instanceof Error ? error.message : String(error)}`]
  }
}
