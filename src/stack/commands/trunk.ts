/** The trunk's state for `linia doctor`, read from the running Asterisk. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pino } from 'pino'
import { askTrunk, registration, type TrunkPart } from '../../asterisk/trunk-watch.ts'
import type { Access, Settings } from '../../config.ts'
import { say } from '../terminal.ts'
import { loadSecrets } from '../secrets.ts'

export async function wrongAtTrunk(settings: Settings): Promise<readonly string[]> {
  const access = settings.given.ami ?? (await privateAmi(settings))
  const parts = access === null ? null : await askTrunk({ ...access, log: pino({ level: 'silent' }) })
  // An Asterisk that does not answer is reported elsewhere.
  if (parts === null) return []
  say(`Trunk        ${parts.length === 0 ? 'no host to which calls leave' : parts.map(told).join(', ')}`)
  return wrongIn(parts)
}

function told({ name, works }: TrunkPart): string {
  if (name === registration) return works === true ? 'registered' : 'not registered'
  const away = isDemo(name) ? 'away (the demo’s provider is there only while it calls)' : 'not reachable'
  return `${name} ${works === null ? 'not asked yet' : works ? 'reachable' : away}`
}

/** Loopback addresses are a provider only while `make demo` runs. */
const isDemo = (name: string): boolean => name.startsWith('127.')

/** Some providers do not answer OPTIONS (qualify), so it is an error only when no host answers. */
export function wrongIn(parts: readonly TrunkPart[]): readonly string[] {
  const hosts = parts.filter(({ name }) => name !== registration && !isDemo(name))
  return [
    ...(parts.some(({ name, works }) => name === registration && works === false)
      ? [
          'The provider has not accepted our registration (TRUNK_REGISTER), so calls from the provider do not arrive.',
        ]
      : []),
    ...(hosts.length > 0 && hosts.every(({ works }) => works === false)
      ? ['None of the provider’s hosts answers (TRUNK_HOSTS): calls, 112 too, may not leave.']
      : []),
  ]
}

async function privateAmi({ paths }: Settings): Promise<Access | null> {
  const ports = join(paths.var, 'ports.json')
  if (!existsSync(ports) || !existsSync(paths.secrets)) return null
  const { ami } = JSON.parse(await readFile(ports, 'utf8')) as { ami?: number }
  const { ami: password } = await loadSecrets(paths.secrets)
  return ami === undefined ? null : { host: '127.0.0.1', port: ami, user: 'linia', password }
}
