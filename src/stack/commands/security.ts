/** `linia security`: SIP requests refused in the last hour, and banned addresses. */
import { join } from 'node:path'
import type { Settings } from '../../config.ts'
import { textIfThere } from '../files.ts'
import { say } from '../terminal.ts'

const shownMs = 3_600_000

export async function tellSecurity({ paths }: Settings, now = Date.now()): Promise<number> {
  const log = join(paths.log, 'security.log')
  const told = summaryOf(await textIfThere(log), now)
  const blocked = join(paths.asteriskEtc, 'blocked.conf')
  const out = [...(await textIfThere(blocked)).matchAll(/^match = (.+)$/gm)]
  if (told.size === 0) say('Nobody was refused in the last hour.')
  for (const [address, kinds] of told)
    say(`${address.padEnd(40)} ${[...kinds].map(([kind, count]) => `${kind} ${count}`).join(', ')}`)
  say(
    out.length === 0
      ? 'Nobody is shut out.'
      : `Shut out now: ${out.map(([, address]) => address).join(', ')}`,
  )
  say(`All of it: ${log}`)
  return 0
}

/** Counts by address and kind in the lines of the last hour. */
export function summaryOf(text: string, now: number): ReadonlyMap<string, ReadonlyMap<string, number>> {
  const told = new Map<string, Map<string, number>>()
  for (const line of text.split('\n')) {
    const [, at = '', address = '', kind = '', count = ''] =
      /^(\S+) sip refused (\S+) (\w+) (\d+) times /.exec(line) ?? []
    if (!(Date.parse(at) > now - shownMs)) continue
    const kinds = told.get(address) ?? new Map<string, number>()
    kinds.set(kind, (kinds.get(kind) ?? 0) + Number(count))
    told.set(address, kinds)
  }
  return told
}
