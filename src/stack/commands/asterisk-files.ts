/**
 * Findings of `linia doctor` about the files that the server writes for Asterisk: there, of the configuration in force, and loaded. A
 * city's own Asterisk (`ARI_URL`) may have another folder, or contexts of its own in their place.
 */
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { pino } from 'pino'
import { callableFile } from '../../asterisk/config/callable-file.ts'
import { contactsFile } from '../../asterisk/config/contacts-file.ts'
import { loadedExtensions } from '../../asterisk/loaded-extensions.ts'
import type { Settings } from '../../config.ts'
import { callOutRules } from '../../core/configuration/outbound.ts'
import { allowedToAnybody } from '../../core/phone-number.ts'
import { unlessMissing } from '../../missing-file.ts'
import { newestConfiguration } from '../../ledger/configuration/versions.ts'
import { contacts } from '../../people/contacts.ts'
import { amiAccess } from './connections.ts'
import { withDatabase } from './running-database.ts'

const written = ['phones.conf', 'numbers.conf', 'contacts.conf', 'callable.conf', 'music.conf'] as const
/** Those whose extensions are the numbers that agents reach, by their file. */
const contextOf = { 'contacts.conf': 'linia-contacts', 'callable.conf': 'linia-callable' } as const
type NumbersFile = keyof typeof contextOf
const numbersFiles = Object.keys(contextOf) as readonly NumbersFile[]

/** A change is written and loaded within seconds; reloads of phones are spaced. */
const lateMs = 60_000
const againAfterMs = 3_000
const notTold =
  'Asterisk did not say which numbers it has loaded: is it up, and has the login of AMI_URL the right `write = reporting`?'

export interface AsteriskFile {
  readonly name: (typeof written)[number]
  /** Null: it is missing. */
  readonly text: string | null
  /** For how long Asterisk has not loaded the last change; null: it has. */
  readonly unreadMs: number | null
}

/** Read from the folder, the database and the running Asterisk. The system runs. */
export async function wrongAtAsteriskFiles(settings: Settings): Promise<readonly string[]> {
  const first = await lookAt(settings)
  // A publication may be on its way to Asterisk.
  if (first.length === 0) return first
  await delay(againAfterMs)
  return lookAt(settings)
}

async function lookAt(settings: Settings): Promise<readonly string[]> {
  const { asteriskEtc } = settings.paths
  const files = await filesIn(asteriskEtc)
  if (files === null) return [`The files in ${asteriskEtc} cannot be read by this user.`]
  const access = await amiAccess(settings)
  const loaded =
    access === null
      ? null
      : await loadedExtensions({ ...access, log: pino({ level: 'silent' }) }, Object.values(contextOf))
  return wrongInFiles(asteriskEtc, files, await textsInForce(settings), loaded)
}

export async function filesIn(folder: string, now = Date.now()): Promise<readonly AsteriskFile[] | null> {
  try {
    return await Promise.all(
      written.map(async (name) => {
        const [path, mark] = [join(folder, name), join(folder, `${name}.unread`)]
        const text = (await readFile(path, 'utf8').catch(unlessMissing)) ?? null
        const since = await stat(mark).catch(unlessMissing)
        return { name, text, unreadMs: since === undefined ? null : now - since.mtimeMs }
      }),
    )
  } catch {
    return null
  }
}

async function textsInForce(settings: Settings): Promise<Readonly<Record<NumbersFile, string>>> {
  const texts = { 'contacts.conf': '', 'callable.conf': '' }
  await withDatabase(settings, async (db) => {
    const { document } = await newestConfiguration(db)
    const allowed = allowedToAnybody(callOutRules(document.outbound ?? null, settings.callOut))
    texts['contacts.conf'] = contactsFile(await contacts(db), allowed)
    texts['callable.conf'] = callableFile(allowed)
  })
  return texts
}

/** `loaded`: as `loadedExtensions` answers. */
export function wrongInFiles(
  folder: string,
  files: readonly AsteriskFile[],
  inForce: Readonly<Record<NumbersFile, string>>,
  loaded: ReadonlyMap<string, ReadonlySet<string> | null> | null,
): readonly string[] {
  const wrong = files.flatMap(({ name, text, unreadMs }) => {
    const path = join(folder, name)
    if (text === null)
      return [
        `${path} is missing. The server writes it as it takes the line: is ASTERISK_ETC the folder from which Asterisk includes it?`,
      ]
    if (unreadMs !== null && unreadMs > lateMs)
      return [`${path} has changed, and Asterisk has not loaded it for ${Math.round(unreadMs / 1_000)} s.`]
    const numbers = numbersFiles.find((one) => one === name)
    if (numbers === undefined) return []
    if (text !== inForce[numbers])
      return [
        `${path} is not of the configuration in force: is another folder meant (ASTERISK_ETC), may the server not write there, or has this terminal other settings (OUTBOUND_…) than it?`,
      ]
    const context = contextOf[numbers]
    if (loaded === null || isSame(loaded.get(context) ?? null, extensionsIn(text))) return []
    return [
      `Asterisk’s context ${context} is not the one of ${path}: include that file in the dialplan, in place of any context of this name, then: asterisk -rx "dialplan reload"`,
    ]
  })
  return loaded === null ? [...wrong, notTold] : wrong
}

const extensionsIn = (text: string): ReadonlySet<string> =>
  new Set([...text.matchAll(/^exten => ([^,]+),/gm)].map(([, extension = '']) => extension))

const isSame = (loaded: ReadonlySet<string> | null, expected: ReadonlySet<string>): boolean =>
  loaded !== null && loaded.size === expected.size && [...expected].every((one) => loaded.has(one))
