/**
 * `make run` by root: this process becomes the system user `linia` before it starts any part, so that no part of Linia
 * ever runs as root. Afterwards it has the rights of an ordinary user, except for ports below 1024 and for entering a
 * checkout inside a folder that only root may enter.
 */
import { existsSync } from 'node:fs'
import { copyFile, mkdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Settings } from '../../config.ts'
import { sharedCache } from '../install/asterisk-tree.ts'
import { caPort } from '../services/front-urls.ts'
import { findProgram, must, runCommand } from '../command.ts'
import { allowRealTime } from './cpu-scheduling.ts'
import { unlessMissing } from '../../missing-file.ts'
import { quiet, UserError, userName } from '../terminal.ts'
import type { Say } from '../terminal.ts'

const account = 'linia'
const systemUser = ['--reuid', account, '--regid', account, '--init-groups']
const root = fileURLToPath(new URL('../../../', import.meta.url))
/** Folders below VAR_DIR that belong to other programs than `make run`. */
const othersFolders = ['test', 'bench', 'chaos']

export const isRoot = (): boolean => process.getuid?.() === 0

/**
 * Gives the folders that Linia writes to the user `linia`, and continues as that user with the same program, arguments
 * and process id. Does not return.
 * @throws {UserError} when this machine does not permit it.
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
  const identity = await identityThatEnters(systemUser, [root, paths.var], kept, tell)
  await allowRealTime()
  return become(identity, { ...process.env, ...certificate, ...homeOf(paths.var) })
}

/**
 * A command run by root goes on as the owner of the folder, the user that Linia runs as: root follows none of that user's
 * links, runs none of their programs and leaves no files that they cannot read. Root stays where there is no such user.
 */
export async function goOnAsOwner(folder: string): Promise<void> {
  const owner = await ownerBelowRoot(folder)
  if (owner !== null) become(owner.identity, owner.env)
}

/**
 * Runs this command as that owner and comes back to root, with its exit code; null: where root would stay root. `env`: set
 * for that run, by which the command knows what it is to do.
 */
export async function runAsOwner(folder: string, env: NodeJS.ProcessEnv): Promise<number | null> {
  const owner = await ownerBelowRoot(folder)
  if (owner === null) return null
  const [program = '', ...args] = asUser(owner.identity)
  const { code } = await runCommand(program, args, { env: { ...owner.env, ...env }, inherit: true })
  return code
}

async function ownerBelowRoot(
  folder: string,
): Promise<{ readonly identity: readonly string[]; readonly env: NodeJS.ProcessEnv } | null> {
  if (!isRoot()) return null
  const { uid = 0, gid = 0 } = (await stat(folder).catch(unlessMissing)) ?? {}
  if (uid === 0) return null
  const entry = await runCommand('getent', ['passwd', String(uid)])
  const [name = '', , , , , home = '/'] = entry.code === 0 ? entry.stdout.trim().split(':') : []
  const user =
    name === ''
      ? ['--reuid', String(uid), '--regid', String(gid), '--clear-groups']
      : ['--reuid', name, '--regid', String(gid), '--init-groups']
  const identity = await identityThatEnters(user, [root, folder], [], quiet)
  const own = name === account ? homeOf(folder) : { HOME: home, USER: name, LOGNAME: name }
  // An entry of the journal names the one who called this command.
  return { identity, env: { ...process.env, ...own, CALLED_BY: userName() } }
}

const asUser = (identity: readonly string[]): readonly string[] => [
  findProgram('setpriv') ?? '/usr/bin/setpriv',
  ...identity,
  '--',
  process.execPath,
  ...process.argv.slice(1),
]

function become(identity: readonly string[], env: NodeJS.ProcessEnv): never {
  const [setpriv = '', ...args] = asUser(identity)
  process.execve?.(setpriv, ['setpriv', ...args], env)
  throw new UserError('This Node cannot go on as another user; run Linia as an ordinary user.')
}

function homeOf(folder: string): Record<string, string> {
  return { HOME: folder, USER: account, LOGNAME: account, XDG_CACHE_HOME: dirname(sharedCache) }
}

/** Creates the user when it is missing. */
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

/**
 * Gives these folders to the user `linia`, as `make run` by root does: for a command that root has run on a system without
 * a user.
 */
export async function handToAccount(varDir: string, more: readonly string[]): Promise<void> {
  await makeAccount()
  await handOver(varDir, othersFolders)
  // Mounts are passed by, so those below VAR_DIR are handed over on their own.
  for (const folder of more) await handOver(folder)
}

/** Gives these to the user `linia`, and nothing beside or inside them: they may lie in another program's folder. */
export async function handEach(paths: readonly string[]): Promise<void> {
  if (paths.length === 0) return
  await makeAccount()
  await must(`Handing ${paths[0]} over to ${account}`, 'chown', [
    '--no-dereference',
    `${account}:${account}`,
    '--',
    ...paths,
  ])
}

/** Gives a folder and its contents to the user, except for these subfolders. Links are not followed. */
async function handOver(folder: string, except: readonly string[] = []): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o711 })
  const skipped = except.flatMap((name) => ['-path', join(folder, name), '-prune', '-o'])
  const owned = ['-user', account, '-group', account]
  const give = ['-exec', 'chown', '--no-dereference', `${account}:${account}`, '{}', '+']
  await must(`Handing ${folder} over to ${account}`, 'find', [
    folder,
    '-xdev',
    ...skipped,
    '!',
    '(',
    ...owned,
    ')',
    ...give,
  ])
}

/** Only root can read the key of many cities, so each start makes copies that Caddy can read. */
async function ownCertificate(
  tls: NonNullable<Settings['tls']>,
  folder: string,
): Promise<Record<string, string>> {
  // The next reader reports files that are missing.
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
 * Options of `setpriv` for the user: only its own groups, and no present, inherited or future capabilities. When only
 * root may enter a parent of the folders (such as root's home), the one capability that permits passing is kept.
 */
async function identityThatEnters(
  user: readonly string[],
  folders: readonly string[],
  kept: readonly string[],
  tell: Say,
): Promise<readonly string[]> {
  for (const passing of [[], ['dac_read_search'], ['dac_override']])
    for (const bound of [true, false]) {
      const common = identityWith(user, [...kept, ...passing], bound)
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
    `Linia does not run as root, and its user may not enter ${root}. ` +
      'Put the checkout into a folder that everybody may enter, or run as an ordinary user.',
  )
}

/** Without these bits access(2), which many programs use, ignores the capabilities of an ordinary user. */
const accessHonours = ['--securebits', '+no_setuid_fixup,+no_setuid_fixup_locked']
// The test also writes to the last folder.
const tryFolders =
  'for each in "$@"; do cd "$each" || exit 1; done; : > .tried && rm .tried && : < "$1"/package.json'

/** In a container root may lack the right to drop its bounding set; with --no-new-privs it has no effect anyway. */
function identityWith(
  user: readonly string[],
  capabilities: readonly string[],
  bound: boolean,
): readonly string[] {
  const only = ['-all', ...capabilities.map((name) => `+${name}`)].join(',')
  return [
    ...user,
    '--no-new-privs',
    '--inh-caps',
    only,
    '--ambient-caps',
    only,
    ...(bound ? ['--bounding-set', only] : []),
  ]
}
