/** Which requests wait for each other while Asterisk answers none. */
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { permit, useBoundedTransport } from '../../src/asterisk/ari/ari-transport.ts'
import { until } from '../support/until.ts'

interface Swagger {
  readonly SwaggerHttp: new () => {
    execute(call: {
      readonly url: string
      readonly method: string
      readonly headers: Record<string, string>
      readonly on: { readonly response: () => void; readonly error: (error: Error) => void }
    }): void
  }
}
const ofAri = createRequire(createRequire(import.meta.url).resolve('ari-client'))
const { SwaggerHttp }: Swagger = ofAri('swagger-client')
useBoundedTransport()

const commands = Array.from({ length: 6 }, (_, index) => `POST /channels/agent-${index}`)
const sign = 'POST /asterisk/variable?variable=LINIA_BEAT&value=1'

/** An Asterisk that answers only on the test's command; `open`: requests received and not answered. */
async function silentAsterisk(t: Test) {
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
  const url = `http://127.0.0.1:${port}`
  const settled: [string, string][] = []
  const send = (what: string) => {
    const [method = '', path = ''] = what.split(' ')
    const on = {
      response: () => settled.push([what, 'answered']),
      error: ({ message }: Error) => settled.push([what, message]),
    }
    new SwaggerHttp().execute({ url: `${url}/ari${path}`, method, headers: {}, on })
  }
  return { url, open, send, settled }
}

t.test('commands wait for each other; a heartbeat waits for no command', async (t) => {
  const { url, open, send, settled } = await silentAsterisk(t)
  permit(url, () => true)
  for (const what of [...commands, sign]) send(what)
  const [first = '', ...others] = commands
  const last = others.at(-1) ?? ''
  await until(() => open.has(sign) && open.size === commands.length)
  t.notOk(open.has(last), 'five at a time')
  open.get(first)?.end('{}')
  await until(() => open.has(last))
  t.same(settled, [[first, 'answered']], 'the next command takes the free place')
})

t.test('a command that gets its turn after the loss of ownership is not sent', async (t) => {
  const { url, open, send, settled } = await silentAsterisk(t)
  let ours = true
  permit(url, () => ours)
  for (const what of commands) send(what)
  const [first = '', ...others] = commands
  const last = others.at(-1) ?? ''
  await until(() => open.size === commands.length - 1)
  ours = false
  // The next term of this process has its own permission.
  permit(url, () => true)
  open.get(first)?.end('{}')
  await until(() => settled.length === 2)
  t.same(settled[1], [last, 'Nothing may be sent any more.'])
  t.notOk(open.has(last))
})
