/**
 * The registrations in an Asterisk's own database, for a standby that takes over: phones can ring there before they
 * register again.
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

/** Reads those of an Asterisk that has ended. Phones connected by WebSocket or TCP must reconnect, and are left out. */
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
 * Removes them before an Asterisk is started as a standby: without a SIP address it would reach no phone, and would
 * mark all of them as unreachable.
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
    // Unknown format: the phone will register again.
    return false
  }
}

/** Replaces this Asterisk's registrations. */
export async function putRegistrations(ami: AmiConnection, all: readonly Registration[]): Promise<void> {
  try {
    await ami.action({ action: 'DBDelTree', family, key: 'contact' })
  } catch (error) {
    // There were none.
    if (!(error instanceof AmiRefusal)) throw error
  }
  await Promise.all(
    all.map(({ key, value }) =>
      ami.action({ action: 'DBPut', family: `${family}/contact`, key, val: value }),
    ),
  )
}
