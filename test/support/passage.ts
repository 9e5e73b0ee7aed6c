/** A TCP proxy before a service that several tests share: while it is closed, the service looks stopped to whoever goes through it. */
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import type { Test } from 'tap'

export interface Passage {
  readonly port: number
  /** Ends all connections; new ones are refused. */
  close(): Promise<void>
  open(): Promise<void>
}

export async function openPassage(
  t: Pick<Test, 'teardown'>,
  far: { readonly host: string; readonly port: number },
): Promise<Passage> {
  const sockets = new Set<Socket>()
  const server = createServer((near) => {
    const other = connect(far)
    for (const [one, next] of [
      [near, other],
      [other, near],
    ] as const) {
      sockets.add(one)
      one.on('error', () => undefined)
      one.once('close', () => {
        sockets.delete(one)
        next.destroy()
      })
      one.pipe(next)
    }
  })
  let port = 0
  const open = async (): Promise<void> => {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    port = (server.address() as AddressInfo).port
  }
  const close = async (): Promise<void> => {
    const closed = once(server, 'close')
    server.close()
    for (const socket of sockets) socket.destroy()
    await closed
  }
  t.teardown(() => (server.listening ? close() : undefined))
  await open()
  return { port, open, close }
}
