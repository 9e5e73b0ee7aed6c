/** Makes a program's UDP packets come from another loopback address: not every scanner can bind one. */
import { createSocket, type RemoteInfo } from 'node:dgram'
import { once } from 'node:events'
import type { Test } from 'tap'
import type { Address } from '../../../tools/demo/calls/exchange.ts'

export interface UdpRelay {
  /** Where the program sends to. */
  readonly port: number
  /** What it has sent, whole. */
  readonly asked: readonly string[]
  /** First lines of what came back. */
  readonly answers: readonly string[]
}

/** `firstLineInstead`: the first line that the program hears, whatever the answer was. */
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
    const told = firstLineInstead === undefined ? text : text.replace(/^.*/, firstLineInstead)
    if (client !== null) inner.send(Buffer.from(told, 'latin1'), client.port, client.address)
  })
  return { port: inner.address().port, asked, answers }
}
