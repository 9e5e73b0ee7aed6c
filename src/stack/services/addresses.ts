/** Checks before the start that the addresses of the front and of the phones are free. */
import type { Access, Settings } from '../../config.ts'
import { caPort } from './front-urls.ts'
import { whyNotFree, whyNotFreeUdp } from './ports.ts'
import { UserError } from '../terminal.ts'

interface Wanted {
  readonly what: string
  /** The settings that give its port and host. */
  readonly setting: string
  readonly hostSetting: 'HTTP_HOST' | 'LAN' | 'SIP_HOST'
  readonly host: string
  readonly port: number
  readonly over: 'TCP' | 'UDP'
}

/** @throws {UserError} with one sentence for each address that cannot be used. */
export async function checkAddresses(settings: Settings, privateAsterisk: boolean): Promise<void> {
  const sentences: string[] = []
  for (const wanted of addressesOf(settings, privateAsterisk)) {
    const why = await (wanted.over === 'TCP'
      ? whyNotFree(wanted.host, wanted.port)
      : whyNotFreeUdp(wanted.host, wanted.port))
    if (why !== null) sentences.push(sentenceFor(wanted, why))
  }
  if (sentences.length > 0) throw new UserError([...new Set(sentences)].join('\n'))
}

function addressesOf(settings: Settings, privateAsterisk: boolean): readonly Wanted[] {
  const { http, lan, tls, sip } = settings
  const web = { what: 'the screens', setting: 'HTTP_PORT', over: 'TCP' } as const
  const wanted: Wanted[] = [{ ...web, hostSetting: 'HTTP_HOST', ...http }]
  if (lan !== null) wanted.push({ ...web, hostSetting: 'LAN', host: lan, port: http.port })
  if (lan !== null && tls === null)
    wanted.push({ ...web, hostSetting: 'LAN', host: lan, port: caPort(http.port) })
  const hostSetting = lan === null ? 'SIP_HOST' : 'LAN'
  if (privateAsterisk)
    for (const over of ['TCP', 'UDP'] as const)
      wanted.push({ ...sip, what: 'SIP', setting: 'SIP_PORT', hostSetting, host: lan ?? sip.host, over })
  return wanted
}

function sentenceFor(wanted: Wanted, why: string): string {
  const { what, setting, hostSetting, host, port } = wanted
  if (why === 'EADDRINUSE')
    return `Port ${port} on ${host} (${what}) is taken by another program: stop it, or choose another port with ${setting}=….`
  if (why === 'EACCES')
    return `This user may not use port ${port} (${what}): choose one above 1023 with ${setting}=….`
  if (why === 'EADDRNOTAVAIL' || why === 'ENOTFOUND')
    return `${hostSetting}: ${host} (${what}) is not an address of this machine.`
  return `${setting}, ${hostSetting}: port ${port} on ${host} (${what}) cannot be used: ${why}.`
}

export function accessUrl(scheme: string, access: Access): string {
  const { user, password, host, port } = access
  return `${scheme}://${encodeURIComponent(user)}:${encodeURIComponent(password)}@${host}:${port}`
}
