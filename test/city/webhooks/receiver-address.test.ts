import t from 'tap'
import { isReceiverAddress } from '../../../src/city/webhooks/receiver-address.ts'
import { secureUrl } from '../../../src/setting.ts'

const good = [
  'https://crm.primaria.example/969',
  'https://crm.primaria.example:8443/969?line=969',
  'https://10.0.0.5/969',
  'http://127.0.0.1:8080/calls',
  'http://[::1]:8080/calls',
  'http://localhost:8080/calls',
]
/** Also refused in the settings. */
const wrong = [
  '',
  'crm.primaria.example/969',
  'ftp://crm.primaria.example/969',
  'http://crm.primaria.example/969',
  'http://10.0.0.5/969',
  'http://127.0.0.1.example/calls',
  'https://ana:parola@crm.primaria.example/969',
  'https://ana@crm.primaria.example/969',
  'https://crm.primaria.example/969#key',
  'https://',
  'javascript:alert(1)',
]
/** Where a cloud answers questions about the machine, or the machine itself in another spelling. */
const ownSegment = [
  'https://169.254.169.254/latest/meta-data',
  'https://[fe80::1]/x',
  'https://0.0.0.0/x',
  'https://[::]/x',
  'https://[::ffff:169.254.169.254]/x',
  'https://2852039166/x',
]

t.test('https, or http on this machine, without credentials', async (t) => {
  for (const url of good) t.ok(isReceiverAddress(url), url)
  for (const url of [...wrong, ...ownSegment]) t.notOk(isReceiverAddress(url), url)
  t.notOk(isReceiverAddress(`https://crm.primaria.example/${'a'.repeat(500)}`), 'too long')
})

t.test('no address is allowed that the settings refuse', async (t) => {
  for (const url of [...good, ...wrong])
    t.equal(isReceiverAddress(url), secureUrl.parse(url) !== undefined, url)
})
