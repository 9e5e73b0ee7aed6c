/** A cable that can be cut: what goes through it waits, as in a network that drops every packet. */
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'
import type { Test } from 'tap'

export interface Cable {
  readonly port: number
  /** Nothing goes through any more, nor is anything refused. */
  cut(): void
  mend(): void
}

export async function layCable(
  t: Pick<Test, 'teardown'>,
  far: { host: string; port: number },
): Promise<Cable> {
  const pairs = new Set<readonly [Socket, Socket]>()
  let isCut = false
  const server = createServer((near) => {
    const other = connect(far)
    const pair = [near, other] as const
    pairs.add(pair)
    const end = () => {
      // A cable that is cut carries no end of a connection either.
      if (isCut) return
      pairs.delete(pair)
      for (const socket of pair) socket.destroy()
    }
    for (const socket of pair) socket.on('error', end).on('close', end)
    near.on('data', (data) => other.write(data))
    other.on('data', (data) => near.write(data))
    if (isCut) hold(pair)
  })
  const hold = (pair: readonly [Socket, Socket]) => pair.forEach((socket) => socket.pause())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    for (const socket of [...pairs].flat()) socket.destroy()
    server.close()
  })
  return {
    port: (server.address() as AddressInfo).port,
    cut() {
      isCut = true
      pairs.forEach(hold)
    },
    mend() {
      isCut = false
      for (const pair of pairs) pair.forEach((socket) => socket.resume())
    },
  }
}
