/** A server's start as a promise. */
import { once } from 'node:events'
import type { Server } from 'node:net'

/** @param place a port of loopback, or the path of a socket. */
export async function listen(server: Server, place: number | string): Promise<void> {
  if (typeof place === 'number') server.listen(place, '127.0.0.1')
  else server.listen(place)
  await once(server, 'listening')
}
