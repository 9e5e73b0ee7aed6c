/**
 * `make run` by root: this process becomes the system user `linia` before it starts anything, so that no
 * part of Linia ever runs as root. It can do nothing afterwards that an ordinary user could not, but for a
 * port below 1024, and entering a checkout that lies where only root may go.
 */
import { existsSync } from 'node:fs'
import { copyFile, mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Settings } from '../../config.ts'
import { sharedCache } from '../install/asterisk-tree.ts'
import { caPort } from '../services/front-urls.ts'
import { findProgram, must, runCommand } from '../command.ts'
import { allowRealTime } from './cpu-scheduling.ts'
import { UserError } from '../terminal.ts'
import type { Say } from '../terminal.ts'

const account = 'linia'
const root = fileURLToPath(new URL('../../../', import.meta.url))
/** Below VAR_DIR, and of other programs than `make run`. */
const othersFolders = ['test', 'bench', 'chaos']

export const isRoot = (): boolean => process.getuid?.() === 0

/**
 * Hands over what Linia writes to, and goes on as `linia` with the same program, arguments and process id.
 * Does not return.
 * @throws {UserError} where this machine does not let it.
 */
export async function goOnUnprivileged(settings: Settings, tell: Say): Promise<never> {
  await makeAccount()
  const { paths, tls } = settings
  await handOver(paths.var, othersFolders)
  const certificate = tls === null ? {} : await ownCertificate(tls, join(paths.var, 'tls'))
  const low = [
    settings.http.port,
    settings.sip.port,
    ...(settings.lan === null ? [] : [caPort(settings.http.port)]),
  ]
  const kept = low.some((port) => port < 1024) ? ['net_bind_service'] : []
  const identity = await identityThatEnters([root, paths.var], kept, tell)
  await allowRealTime()
  const setpriv = findProgram('setpriv') ?? '/usr/bin/setpriv'
  const env = { ...process.env, ...certificate, ...homeOf(paths.var) }
  process.execve?.(setpriv, ['setpriv', ...identity, '--', process.execPath, ...process.argv.slice(1)], env)
  throw new UserError('This Node cannot go on as another user; run Linia as an ordinary user.')
}

function homeOf(folder: string): Record<string, string> {
  return { HOME: folder, USER: account, LOGNAME: account, XDG_CACHE_HOME: dirname(sharedCache) }
}

/** The user, made where it is missing. */
export async function makeAccount(): Promise<void> {
  const known = await runCommand('id', ['-u', account])
  if (known.code === 0) return
  const shell = ['--home-dir', '/nonexistent', '--no-create-home', '--shell', '/usr/sbin/nologin']
  await must(`Making the system user "${account}"`, findProgram('useradd') ?? 'useradd', [
    '--system',
    '--user-group',
    ...shell,
    '--comment',
    'Linia 969',
    account,
  ])
}

/** The folder with all that is in it, but for these; only what is not his already, and never through a link. */
async function handOver(folder: string, except: readonly string[] = []): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o711 })
  const skipped = except.flatMap((name) => ['-path', join(folder, name), '-prune', '-o'])
  const his = ['-user', account, '-group', account]
  const give = ['-exec', 'chown', '--no-dereference', `${account}:${account}`, '{}', '+']
  await must(`Handing ${folder} over to ${account}`, 'find', [
    folder,
    '-xdev',
    ...skipped,
    '!',
    '(',
    ...his,
    ')',
    ...give,
  ])
}

/** A city's key is often for root only: copies that Caddy may read, made anew at each start. */
async function ownCertificate(
  tls: NonNullable<Settings['tls']>,
  folder: string,
): Promise<Record<string, string>> {
  // What cannot be read is told by whoever reads it next.
  if (!existsSync(tls.cert) || !existsSync(tls.key)) return {}
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
  await copyFile(tls.cert, cert)
  await copyFile(tls.key, key)
  await must('Handing the certificate over', 'chmod', ['600', cert, key])
  await handOver(folder)
  return { TLS_CERT: cert, TLS_KEY: key }
}

/**
 * Options of `setpriv`: his groups only, no capabilities to have, to inherit or to gain. Where the folders
 * lie below one that only root may enter (such as root's home), the one that lets him pass is kept.
 */
async function identityThatEnters(
  folders: readonly string[],
  kept: readonly string[],
  tell: Say,
): Promise<readonly string[]> {
  for (const passing of [[], ['dac_read_search'], ['dac_override']])
    for (const bound of [true, false]) {
      const common = identityWith([...kept, ...passing], bound)
      const identity = passing.length > 0 ? [...common, ...accessHonours] : common
      const enters = await runCommand('setpriv', [
        ...identity,
        '--',
        'sh',
        '-c',
        tryFolders,
        'sh',
        ...folders,
      ])
      if (enters.code !== 0) continue
      if (passing.length > 0)
        tell(
          `Only root may enter ${folders.join(' or ')}: Linia’s parts keep the right to pass (cap_${passing.join()}). In a folder such as /srv/linia969 they need none.`,
        )
      return identity
    }
  throw new UserError(
    `Linia does not run as root, and its user "${account}" may not enter ${root}. ` +
      'Put the checkout into a folder that everybody may enter, or run as an ordinary user.',
  )
}

/** access(2) leaves out capabilities of who is not root, and many programs ask it, unless this is set. */
const accessHonours = ['--securebits', '+no_setuid_fixup,+no_setuid_fixup_locked']
// The last one is written to.
const tryFolders =
  'for each in "$@"; do cd "$each" || exit 1; done; : > .tried && rm .tried && : < "$1"/package.json'

/** A container may not let root give up its bounding set; without new privileges it means nothing anyway. */
function identityWith(capabilities: readonly string[], bound: boolean): readonly string[] {
  const only = ['-all', ...capabilities.map((name) => `+${name}`)].join(',')
  return [
    '--reuid',
    account,
    '--regid',
    account,
    '--init-groups',
    '--no-new-privs',
    '--inh-caps',
    only,
    '--ambient-caps',
    only,
    ...(bound ? ['--bounding-set', only] : []),
  ]
}
