/** Loopback ports for the private services: chosen once, kept under `var/`, changed only when taken. */
import { createSocket } from 'node:dgram'
import { createServer } from 'node:net'
import { readFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { writePrivate } from '../files.ts'

/** Below the ports that the kernel hands out for outgoing connections, above the well-known ones. */
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
] as const
export type PortName = (typeof portNames)[number] | `api${number}`
export type Ports = ReadonlyMap<PortName, number>

/** Keeps the ports of earlier starts where they are free, so that settings of tools stay right. */
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

/** What this process has given away: its new owner may not have opened it yet. */
const given = new Set<number>()

/**
 * A port that nobody listens on now, neither over TCP nor over UDP, and that no other process gives away while this
 * one lives. Never one of the kernel's own range, which any program's next outgoing packet may take before the port
 * is opened.
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
 * False when it has been given away already, by whatever process: each says so by a name in the kernel's abstract
 * namespace (unix(7)), which goes with it.
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

/** Whether this address can be listened on, over TCP. */
export async function isFree(host: string, port: number): Promise<boolean> {
  return (await whyNotFree(host, port)) === null
}

/** Null when it can; else the system's code (`EADDRINUSE`, `EACCES`, `EADDRNOTAVAIL`). */
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
