/**
 * Which phones are registered, as an Asterisk has kept it in its own database: for another one that takes
 * its place, so that phones ring there before they register anew.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { AmiRefusal, type AmiConnection } from '../ami/ami-connection.ts'
import { isRecord, textIn } from '../ami/fields.ts'

export interface Registration {
  readonly key: string
  readonly value: string
}

const fileName = 'astdb.sqlite3'
const family = 'registrar'
const prefix = '/registrar/contact/'

/** Of an Asterisk that has ended. Phones that were connected to it (WebSocket, TCP) connect anew, and are left out. */
export function registrationsIn(stateDir: string, now: number): readonly Registration[] {
  const file = join(stateDir, fileName)
  if (!existsSync(file)) return []
  using database = new DatabaseSync(file)
  return database
    .prepare('select key, value from astdb where key like ?')
    .all(`${prefix}%`)
    .map(({ key, value }) => ({ key: String(key).slice(prefix.length), value: String(value) }))
    .filter(({ value }) => isStillTrue(value, now))
}

/**
 * Before one that has ended is started to stand by: it would look for the phones, reach none without an
 * address of its own, and remember them as gone.
 */
export function forgetRegistrations(stateDir: string): void {
  const file = join(stateDir, fileName)
  if (!existsSync(file)) return
  using database = new DatabaseSync(file)
  database.prepare('delete from astdb where key like ?').run(`${prefix}%`)
}

function isStillTrue(value: string, now: number): boolean {
  try {
    const contact: unknown = JSON.parse(value)
    if (!isRecord(contact) || textIn(contact, 'prune_on_boot') === 'yes') return false
    return Number(textIn(contact, 'expiration_time')) * 1000 > now
  } catch {
    // Not as we know it: the phone registers anew.
    return false
  }
}

/** Puts them in the place of whatever this Asterisk knew. */
export async function putRegistrations(ami: AmiConnection, all: readonly Registration[]): Promise<void> {
  try {
    await ami.action({ action: 'DBDelTree', family, key: 'contact' })
  } catch (error) {
    // There was none.
    if (!(error instanceof AmiRefusal)) throw error
  }
  await Promise.all(
    all.map(({ key, value }) =>
      ami.action({ action: 'DBPut', family: `${family}/contact`, key, val: value }),
    ),
  )
}
