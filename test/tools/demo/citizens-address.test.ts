import t from 'tap'
import { citizensFrom } from '../../../tools/demo/demo-file.ts'
import { citizensAddress } from '../../../tools/demo/seed/seed-demo.ts'

t.test('the demo’s citizens call from the first trunk address that belongs to this machine', async (t) => {
  t.equal(await citizensAddress(['127.0.0.2']), '127.0.0.2')
  t.equal(await citizensAddress(['198.51.100.20', '10.0.0.0/8', '127.0.0.3', '127.0.0.2']), '127.0.0.3')
  const trunk = await citizensAddress(['198.51.100.20', '127.0.0.0/8'])
  t.equal(trunk, null)
  const demo = {
    url: '',
    line: '969',
    sip: { host: '127.0.0.1', port: 5060 },
    trunk,
    accounts: [],
    buttons: true,
  }
  t.throws(() => citizensFrom(demo), { name: 'UserError', message: /TRUNK_HOSTS/ })
})
