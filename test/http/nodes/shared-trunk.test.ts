/** The trunk through another node: state and test are the owner's, and only nodes may ask. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import type { Trunk } from '../../../src/acd/ports.ts'
import { nodeAuthorization, trunkPath } from '../../../src/http/nodes/secret.ts'
import { sharedTrunk, type SharedTrunk } from '../../../src/http/nodes/shared-trunk.ts'
import type { Connections } from '../../../src/http/connections/wire.ts'
import { serve, settings, testConnections, type Served } from '../serve.ts'

const part = { name: '203.0.113.7', works: true, refused: false, roundTripMs: 4.2, since: 1_764_576_000_000 }
const inForce = { codecs: ['alaw'], transport: '', keys: 'rfc4733', account: null }
const trunk: Trunk = {
  state: () => ({ parts: [part], inForce }),
  test: async () => [{ name: part.name, roundTripMs: 4.2 }],
}
const authorization = nodeAuthorization(settings.sessionSecret)

const through = (owner: Served, change: { readonly holder?: string | null; readonly port?: number } = {}) =>
  sharedTrunk({
    node: 'node2',
    own: () => null,
    holder: () => (change.holder === undefined ? 'node1' : change.holder),
    addressOf: async () => ({ host: '127.0.0.1', port: change.port ?? Number(new URL(owner.url).port) }),
    authorization,
  })

t.test('a standby answers with the owner’s trunk, and says whose it is', async (t) => {
  const owner = await serve(t, { ownTrunk: () => trunk })
  const shared: SharedTrunk = through(owner)
  t.strictSame(await shared.state(), { node: 'node1', state: trunk.state() })
  t.strictSame(await shared.test(), { node: 'node1', answers: await trunk.test() })

  const standby = await serve(t, {
    node: 'node2',
    connections: {
      ...testConnections({ trunk: { hosts: [part.name], isSet: true, publicAddress: null } }),
      trunk: shared,
    },
  })
  const as = await standby.signIn('admin')
  const all = (await standby.ask('GET', '/api/connections', { as })).json as unknown as Connections
  t.match(all, { node: 'node2', items: [{ id: 'trunk', state: 'works', node: 'node1' }] })
})

t.test('without an owner, or one that answers, the trunk is not known', async (t) => {
  const standby = await serve(t)
  const asked = async (change: Parameters<typeof through>[1]) => {
    const shared = through(standby, change)
    return [await shared.state(), await shared.test()]
  }
  t.strictSame(await asked({ holder: null }), ['no owner', 'no owner'], 'there is none')
  const silent = ['owner silent', 'owner silent']
  t.strictSame(await asked({ holder: 'node2' }), silent, 'it is this node, which is none yet')
  t.strictSame(await asked({}), silent, 'the asked node does not own the line any more')
  t.strictSame(await asked({ port: 1 }), silent, 'nothing listens there')
})

t.test(
  'an owner of an older release, which has no such question, is no failure of the provider',
  async (t) => {
    const older = createServer((_, response) => response.writeHead(404).end('{}'))
    await new Promise<void>((resolve) => older.listen(0, '127.0.0.1', resolve))
    t.teardown(() => older.close())
    const { port } = older.address() as AddressInfo
    const shared = sharedTrunk({
      node: 'node2',
      own: () => null,
      holder: () => 'node1',
      addressOf: async () => ({ host: '127.0.0.1', port }),
      authorization,
    })
    t.strictSame([await shared.state(), await shared.test()], ['owner silent', 'owner silent'])
  },
)

t.test('only nodes may ask', async (t) => {
  const owner = await serve(t, { ownTrunk: () => trunk })
  for (const headers of [{}, { authorization: 'Bearer wrong' }])
    t.equal((await owner.ask('POST', trunkPath, { body: { ask: 'state' }, headers })).status, 403)
  const good = { body: { ask: 'state' }, headers: { authorization } }
  t.equal((await owner.ask('POST', trunkPath, good)).status, 200)
})
