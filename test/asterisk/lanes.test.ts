/** Which requests wait for which while Asterisk answers none of them. */
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

const commands = Array.from({ length: 6 }, (_, index) => `POST /channels/agent-${index}`)
const sign = 'POST /asterisk/variable?variable=LINIA_BEAT&value=1'

t.test('commands wait for each other, and a sign of life for none of them', async (t) => {
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
  for (const what of [...commands, sign]) {
    const [method = '', path = ''] = what.split(' ')
    const done = () => answered.push(what)
    const on = { response: done, error: done }
    new SwaggerHttp().execute({ url: `http://127.0.0.1:${port}/ari${path}`, method, headers: {}, on })
  }
  const [first = '', ...others] = commands
  const last = others.at(-1) ?? ''
  await until(() => open.has(sign) && open.size === commands.length)
  t.notOk(open.has(last), 'five at a time')
  open.get(first)?.end('{}')
  await until(() => open.has(last))
  t.same(answered, [first], 'the next has its place')
})
