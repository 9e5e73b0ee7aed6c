/** The real adapter against the demo's document system, over real HTTP. */
import t from 'tap'
import { documentSystemAt } from '../../src/documents/adapter.ts'
import { MessageId } from '../../src/city/documents/message.ts'
import { sign } from '../../src/documents/webhook.ts'
import { DemoDocumentSystem } from '../../tools/demo/documents/system.ts'
import { received } from '../support/city/fake-documents.ts'
import { documentsContract } from './document-system.ts'

const secret = `whsec_${Buffer.alloc(32, 1).toString('base64')}`
const statusSecret = `whsec_${Buffer.alloc(32, 2).toString('base64')}`
const demo = new DemoDocumentSystem({ secret, statusSecret, statusUrl: null })
const port = await demo.listen()
t.teardown(() => demo.close())
const url = `http://127.0.0.1:${port}`
const address = { url: `${url}/messages`, findUrl: `${url}/find`, secret, statusSecret }
const system = documentSystemAt(address, Date.now)

await documentsContract(t, {
  system,
  async become(condition) {
    await demo.close()
    if (condition === 'down') return
    demo.behaviour = condition
    await demo.listen(port)
  },
  taken: () => demo.filing.taken.map((message) => JSON.stringify(message)),
  signed: (body, ageMs = 0) => received(sign(statusSecret, 'doc_1', body, Date.now() - ageMs), body),
})

const goOn = new AbortController().signal
const message = { id: MessageId(`msg_${'a'.repeat(32)}`), body: '{"type":"request.registered","data":{}}' }

t.test('a message is signed with its time: a wrong clock or another secret is refused', async (t) => {
  demo.behaviour = 'up'
  const forged = demo.forged
  const slow = documentSystemAt(address, () => Date.now() - 10 * 60_000)
  t.strictSame(await slow.deliver(message, goOn), { outcome: 'refused', status: 401 })
  const other = documentSystemAt({ ...address, secret: statusSecret }, Date.now)
  t.strictSame(await other.deliver(message, goOn), { outcome: 'refused', status: 401 })
  t.equal(demo.forged, forged + 2)
})

t.test('a signed message goes to the configured address, and redirects are not followed', async (t) => {
  demo.behaviour = 'moved'
  t.strictSame(await system.deliver(message, goOn), { outcome: 'refused', status: 307 })
  demo.behaviour = 'up'
})

t.test('our own messages are not genuine here: they are signed with another secret', async (t) => {
  const own = received(sign(secret, message.id, message.body, Date.now()), message.body)
  t.strictSame(system.open(own), { ok: false, why: 'not genuine' })
})

t.test('a document system without lookup is not asked', async (t) => {
  const deaf = documentSystemAt({ ...address, findUrl: null }, Date.now)
  const { asked } = demo
  t.strictSame(await deaf.find({ number: 'X1', date: '2026-11-02', name: 'Ion' }), {
    outcome: 'unreachable',
    why: 'not offered',
  })
  t.equal(demo.asked, asked)
})
