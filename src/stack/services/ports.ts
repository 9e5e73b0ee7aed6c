/** Loopback ports of the private services: chosen once, stored under `var/`, changed only when taken. */
import { createSocket } from 'node:dgram'
import { createServer } from 'node:net'
import { readFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { writePrivate } from '../files.ts'

/** Below the kernel's ephemeral range, above the well-known ports. */
const first = 20_000
const last = 29_999

export const portNames = [
  'postgres',
  'redis',
  'asteriskHttp',
  'ami',
  'standbyHttp',
  'standbyAmi',
  'documents',
  'sipGate',
] as const
export type PortName = (typeof portNames)[number] | `api${number}`
export type Ports = ReadonlyMap<PortName, number>

/** Keeps the ports of earlier starts where they are free, so that settings of other tools stay valid. */
export async function choosePorts(file: string, nodes: number): Promise<Ports> {
  const kept = existsSync(file) ? (JSON.parse(await readFile(file, 'utf8')) as Record<string, number>) : {}
  const chosen = new Map<PortName, number>()
  const names: PortName[] = [...portNames]
  for (let node = 1; node <= nodes; node++) names.push(`api${node}`)
  for (const name of names) {
    const taken = new Set(chosen.values())
    const before = kept[name]
    const usable = before !== undefined && !taken.has(before) && (await isUsable(before))
    chosen.set(name, usable ? before : await freePort('127.0.0.1', taken))
  }
  await writePrivate(file, `${JSON.stringify(Object.fromEntries(chosen), null, 2)}\n`)
  return chosen
}

async function isUsable(before: number): Promise<boolean> {
  return (await isFree('127.0.0.1', before)) && (given.has(before) || claim(before))
}

/** Ports handed out by this process, whose new owner may not have opened them yet. */
const given = new Set<number>()

/**
 * A port without a listener over TCP or UDP that no other process hands out while this one lives. Never from the kernel's
 * ephemeral range, where an outgoing packet of any program could take the port before it is opened.
 */
export async function freePort(host: string, except: ReadonlySet<number> = new Set()): Promise<number> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const port = first + Math.floor(Math.random() * (last - first + 1))
    if (given.has(port) || except.has(port) || !(await isFree(host, port))) continue
    if ((await whyNotFreeUdp(host, port)) !== null) continue
    if (await claim(port)) return port
  }
  throw new Error(`no free port between ${first} and ${last}`)
}

/**
 * False when any process has handed the port out already. The claim is a name in the kernel's abstract socket namespace
 * (unix(7)), which disappears with its process.
 */
function claim(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => {
      resolve(false)
    })
    server.listen(`\0linia-port-${port}`, () => {
      server.unref()
      given.add(port)
      resolve(true)
    })
  })
}

/** Whether a TCP listener can bind the address. */
export async function isFree(host: string, port: number): Promise<boolean> {
  return (await whyNotFree(host, port)) === null
}

/** Null when a TCP listener can bind the address; otherwise the system's code (`EADDRINUSE`, `EACCES`, `EADDRNOTAVAIL`). */
export function whyNotFree(host: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => {
      resolve(error.code ?? error.message)
    })
    server.listen({ host, port, exclusive: true }, () => {
      server.close(() => {
        resolve(null)
      })
    })
  })
}

export function whyNotFreeUdp(host: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4')
    socket.once('error', (error: NodeJS.ErrnoException) => {
      resolve(error.code ?? error.message)
    })
    socket.bind({ address: host, port, exclusive: true }, () => {
      socket.close(() => {
        resolve(null)
      })
    })
  })
}
