/** A TCP proxy that can stall both directions, as a network does that drops every packet. */
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import type { Test } from 'tap'

export interface Cable {
  readonly port: number
  /** Stalls all connections: no data passes, and none is refused. */
  cut(): void
  mend(): void
  /** Records the data sent to the far side from now on. */
  tap(): { readonly sent: () => string }
}

export async function layCable(
  t: Pick<Test, 'teardown'>,
  far: { readonly host: string; readonly port: number },
): Promise<Cable> {
  const pairs = new Set<readonly [Socket, Socket]>()
  const taps = new Set<Buffer[]>()
  let isCut = false
  const server = createServer((near) => {
    const other = connect(far)
    const pair = [near, other] as const
    pairs.add(pair)
    const end = () => {
      // A cut cable does not carry the end of a connection either.
      if (isCut) return
      pairs.delete(pair)
      for (const socket of pair) socket.destroy()
    }
    for (const socket of pair) socket.on('error', end).on('close', end)
    near.on('data', (data: Buffer) => {
      for (const kept of taps) kept.push(data)
      other.write(data)
    })
    other.on('data', (data: Buffer) => near.write(data))
    if (isCut) hold(pair)
  })
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
      for (const pair of pairs) for (const socket of pair) socket.resume()
    },
    tap() {
      const kept: Buffer[] = []
      taps.add(kept)
      return { sent: () => Buffer.concat(kept).toString('latin1') }
    },
  }
}

function hold(pair: readonly [Socket, Socket]): void {
  for (const socket of pair) socket.pause()
}
