/** Which requests to ARI wait for which, while Asterisk answers none of them. */
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import { useBoundedTransport } from '../../src/asterisk/ari-transport.ts'
import { until } from '../support/until.ts'

interface Swagger {
  readonly SwaggerHttp: new () => {
    execute(call: {
      readonly url: string
      readonly method: string
      readonly headers: Record<string, string>
      readonly on: { readonly response: () => void; readonly error: () => void }
    }): void
  }
}
const ofAri = createRequire(createRequire(import.meta.url).resolve('ari-client'))
const { SwaggerHttp }: Swagger = ofAri('swagger-client')

/** A phone to be rung, and music for who waits. */
const newcomers = ['POST /channels/agent-1', 'POST /channels/c1/moh', 'POST /channels/agent-2']
const conversations = [
  'POST /channels/c1/answer',
  'DELETE /channels/c1/moh',
  'POST /bridges/b1/addChannel',
  'POST /channels/c2/play/dismiss-c2',
  'DELETE /channels/c3',
]
const signs = ['POST /asterisk/variable?variable=LINIA_BEAT&value=1']

t.test('newcomers wait for newcomers, and neither a conversation nor a sign of life for them', async (t) => {
  const open = new Map<string, ServerResponse>()
  const server = createServer((request, response) => {
    open.set(`${request.method} ${request.url?.replace('/ari', '')}`, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  useBoundedTransport()
  const answered: string[] = []
  for (const what of [...newcomers, ...conversations, ...signs]) {
    const [method = '', path = ''] = what.split(' ')
    const done = () => answered.push(what)
    const on = { response: done, error: done }
    new SwaggerHttp().execute({ url: `http://127.0.0.1:${port}/ari${path}`, method, headers: {}, on })
  }
  const seen = () => [...open.keys()].sort()
  const first = [...newcomers.slice(0, 2), ...conversations.slice(0, 3), ...signs].sort()
  await until(() => open.size === first.length)
  t.same(seen(), first)
  open.get(newcomers[0] ?? '')?.end('{}')
  await until(() => open.has(newcomers[2] ?? ''))
  t.same(answered, newcomers.slice(0, 1), 'the next newcomer has the place of the first')
  open.get(conversations[0] ?? '')?.end('{}')
  await until(() => open.has(conversations[3] ?? ''))
  t.notOk(open.has(conversations[4] ?? ''), 'so have conversations')
})
