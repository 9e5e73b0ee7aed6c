/** Checks at the start that the external services of the settings can be used. */
import { access, constants } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { Client } from 'pg'
import type { Settings } from '../../config.ts'
import { answersHttp, answersText } from './probes.ts'
import { UserError } from '../terminal.ts'

const answerMs = 5_000

/** @throws {UserError} with one sentence for each service that cannot be used. */
export async function checkExternalServices(settings: Settings): Promise<void> {
  const { redisUrl } = settings.given
  const sentences = await Promise.all([
    whyNoLedger(settings),
    redisUrl === null ? null : whyNoRedis(redisUrl),
    whyNoAsterisk(settings),
  ])
  const told = sentences.filter((sentence) => sentence !== null)
  if (told.length > 0) throw new UserError(told.join('\n'))
}

/** The application's login of DATABASE_URL, which the migrations create; null where its user's name is not `…_app`. */
export function loginOf(
  databaseUrl: string,
): { readonly rolePrefix: string; readonly password: string } | null {
  const { username, password } = URL.canParse(databaseUrl) ? new URL(databaseUrl) : noLogin
  const [, rolePrefix] = /^([a-z][a-z0-9_-]{0,49})_app$/.exec(decoded(username)) ?? []
  return rolePrefix === undefined || decoded(password) === ''
    ? null
    : { rolePrefix, password: decoded(password) }
}

const noLogin = { username: '', password: '' }

/** Empty for an invalid percent escape, which PostgreSQL's client rejects as well. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return ''
  }
}

async function whyNoLedger({ given }: Settings): Promise<string | null> {
  const { databaseUrl, databaseAdminUrl } = given
  if (databaseUrl === null)
    return databaseAdminUrl === null
      ? null
      : 'DATABASE_ADMIN_URL: set DATABASE_URL too, such as postgres://linia_app:a-password@host/linia; that login is made at the start.'
  if (databaseAdminUrl === null) return whyNoDatabase('DATABASE_URL', databaseUrl, true)
  if (loginOf(databaseUrl) === null)
    return 'DATABASE_URL: the login is made at the start, by DATABASE_ADMIN_URL, so it needs a password and a user whose name ends in _app, such as linia_app.'
  // The migrations create its tables and the application's login.
  return whyNoDatabase('DATABASE_ADMIN_URL', databaseAdminUrl, false)
}

/** A sentence that begins with the setting's name; null when the database can be used. */
export async function whyNoDatabase(setting: string, url: string, migrated: boolean): Promise<string | null> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: answerMs })
  // A connection error is reported by the query; after the query it is irrelevant.
  client.on('error', () => undefined)
  try {
    await client.connect()
    if (!migrated) return null
    const found = await client.query<{ there: boolean }>(
      "select to_regclass('accounts') is not null as there",
    )
    return found.rows[0]?.there === true
      ? null
      : `${setting}: this database has no tables of Linia yet; set DATABASE_ADMIN_URL too, whose login makes them.`
  } catch (error) {
    return `${setting}: PostgreSQL at ${hostOf(url)} cannot be used: ${messageOf(error)}.`
  } finally {
    await client.end().catch(() => undefined)
  }
}

async function whyNoRedis(url: string): Promise<string | null> {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: answerMs,
    commandTimeout: answerMs,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  })
  let why: string | null = null
  redis.on('error', (error: Error) => {
    why ??= messageOf(error)
  })
  try {
    await redis.connect()
    await redis.ping()
    return null
  } catch (error) {
    return `REDIS_URL: Redis at ${hostOf(url)} cannot be used: ${why ?? messageOf(error)}.`
  } finally {
    redis.disconnect()
  }
}

async function whyNoAsterisk({ given, paths, standbyPbx }: Settings): Promise<string | null> {
  const { ari, ami } = given
  if (ari === null && ami === null) return null
  if (standbyPbx)
    return 'STANDBY_PBX: a second Asterisk stands by only for a private one; with ARI_URL and AMI_URL leave it out.'
  if (ari === null || ami === null)
    return 'ARI_URL and AMI_URL belong together: set both, or neither for a private Asterisk.'
  const named = `${ari.host}:${ari.port}`
  const ping = (accepted: (status: number) => boolean) =>
    answersHttp(ari, '/ari/asterisk/ping', accepted, `${ari.user}:${ari.password}`)
  if (!(await ping(() => true))) return `ARI_URL: no Asterisk answers at ${named}.`
  if (await ping((status) => status === 401))
    return `ARI_URL: the Asterisk at ${named} refuses this user or password.`
  if (!(await ping((status) => status === 200)))
    return `ARI_URL: the Asterisk at ${named} has ARI switched off, or is still starting.`
  const action = ['Action: Login', `Username: ${ami.user}`, `Secret: ${ami.password}`, 'Events: off', '', '']
  if (!(await answersText(ami, action.join('\r\n'), /^Response: Success/m)))
    return `AMI_URL: no Asterisk at ${ami.host}:${ami.port} accepts this user and password.`
  return whyNoFiles(paths.asteriskEtc)
}

async function whyNoFiles(folder: string): Promise<string | null> {
  const phones = join(folder, 'phones.conf')
  try {
    await access(phones, constants.R_OK | constants.W_OK)
    // A configuration file is replaced by rename, which needs a writable folder.
    await access(folder, constants.W_OK)
    return null
  } catch (error) {
    const denied = error instanceof Error && 'code' in error && error.code === 'EACCES'
    if (denied)
      return `ASTERISK_ETC: ${userInfo().username} may not write to ${folder}; give that folder and its files to a group of both this user and Asterisk’s.`
    return (
      `ASTERISK_ETC: ${phones} is missing; with ARI_URL, say where that Asterisk has its files: ` +
      'ASTERISK_ETC, SOUNDS_DIR, RECORDINGS_DIR and CEL_FILE.'
    )
  }
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : 'this address'
}

/** For a host with several addresses Node throws an AggregateError without a message of its own. */
function messageOf(error: unknown): string {
  if (error instanceof AggregateError) return messageOf(error.errors[0])
  return (error instanceof Error ? error.message : String(error)).replace(/\.$/, '')
}
