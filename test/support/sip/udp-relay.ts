/** Relays a program's UDP packets from another loopback address, for scanners that cannot bind one. */
import { createSocket, type RemoteInfo } from 'node:dgram'
import { once } from 'node:events'
import type { Test } from 'tap'
import type { Address } from '../../../tools/demo/calls/exchange.ts'

export interface UdpRelay {
  /** The port to which the program sends. */
  readonly port: number
  /** The packets that it has sent. */
  readonly asked: readonly string[]
  /** First lines of the answers. */
  readonly answers: readonly string[]
}

/** `firstLineInstead`: replaces the first line of every answer that the program receives. */
export async function openRelay(
  t: Pick<Test, 'teardown'>,
  target: Address,
  from: string,
  firstLineInstead?: string,
): Promise<UdpRelay> {
  const inner = createSocket('udp4')
  const outer = createSocket('udp4')
  inner.bind(0, '127.0.0.1')
  outer.bind(0, from)
  await Promise.all([once(inner, 'listening'), once(outer, 'listening')])
  t.teardown(() => {
    inner.close()
    outer.close()
  })
  const asked: string[] = []
  const answers: string[] = []
  let client: RemoteInfo | null = null
  inner.on('message', (bytes, sender) => {
    client = sender
    asked.push(bytes.toString('latin1'))
    outer.send(bytes, target.port, target.host)
  })
  outer.on('message', (bytes) => {
    const text = bytes.toString('latin1')
    answers.push(text.split('\r\n')[0] ?? '')
    const forwarded = firstLineInstead === undefined ? text : text.replace(/^.*/, firstLineInstead)
    if (client !== null) inner.send(Buffer.from(forwarded, 'latin1'), client.port, client.address)
  })
  return { port: inner.address().port, asked, answers }
}
