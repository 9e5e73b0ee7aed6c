/** Whether the addresses that people and phones use are free, told in sentences before anything starts. */
import type { Access, Settings } from '../config.ts'
import { caPort } from './caddy.ts'
import { whyNotFree, whyNotFreeUdp } from './ports.ts'
import { Trouble } from './screen.ts'

interface Wanted {
  readonly what: string
  readonly setting: string
  readonly host: string
  readonly port: number
  readonly over: 'TCP' | 'UDP'
}

/** @throws {Trouble} one sentence for each address that cannot be used. */
export async function checkAddresses(settings: Settings, privateAsterisk: boolean): Promise<void> {
  const sentences: string[] = []
  for (const wanted of addressesOf(settings, privateAsterisk)) {
    const why = await (wanted.over === 'TCP'
      ? whyNotFree(wanted.host, wanted.port)
      : whyNotFreeUdp(wanted.host, wanted.port))
    if (why !== null) sentences.push(sentenceFor(wanted, why))
  }
  if (sentences.length > 0) throw new Trouble([...new Set(sentences)].join('\n'))
}

function addressesOf(settings: Settings, privateAsterisk: boolean): readonly Wanted[] {
  const { http, lan, tls, sip } = settings
  const wanted = [web(http.host, http.port)]
  if (lan !== null) wanted.push(web(lan, http.port))
  if (lan !== null && tls === null) wanted.push(web(lan, caPort(http.port)))
  if (privateAsterisk)
    for (const over of ['TCP', 'UDP'] as const)
      wanted.push({ what: 'SIP', setting: 'SIP_PORT', host: lan ?? sip.host, port: sip.port, over })
  return wanted
}

function web(host: string, port: number): Wanted {
  return { what: 'the screens', setting: 'HTTP_PORT', host, port, over: 'TCP' }
}

function sentenceFor(wanted: Wanted, why: string): string {
  const { what, setting, host, port } = wanted
  if (why === 'EADDRINUSE')
    return `Port ${port} on ${host} (${what}) is taken by another program: stop it, or choose another port with ${setting}=….`
  if (why === 'EACCES')
    return `This user may not use port ${port} (${what}): choose one above 1023 with ${setting}=….`
  if (why === 'EADDRNOTAVAIL') return `${host} (${what}) is not an address of this machine.`
  return `Port ${port} on ${host} (${what}) cannot be used: ${why}.`
}

export function accessUrl(scheme: string, access: Access): string {
  const { user, password, host, port } = access
  return `${scheme}://${encodeURIComponent(user)}:${encodeURIComponent(password)}@${host}:${port}`
}
