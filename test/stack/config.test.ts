import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { trunkSettings } from '../../src/asterisk/config/trunk-file.ts'
import { readConfig, readSettings, WrongSettings } from '../../src/config.ts'
import { checkAddresses } from '../../src/stack/services/addresses.ts'
import { webhookSecretIn } from '../../src/webhook-settings.ts'

const services = {
  DATABASE_URL: 'postgres://linia:secret-of-db@127.0.0.1:5432/linia',
  REDIS_URL: 'redis://:secret-of-redis@127.0.0.1:6379/0',
  ARI_URL: 'http://linia:secret-of-ari@127.0.0.1:8088',
  AMI_URL: 'ami://linia:secret%3Aof%40ami@127.0.0.1:5038',
  SESSION_SECRET: 's'.repeat(32),
  FACTOR_KEY: 'f'.repeat(32),
  PHONE_SECRET: 'p'.repeat(32),
  JOURNAL_KEY: 'j'.repeat(32),
  PERSON_KEY: 'm'.repeat(32),
}

function wrongIn(env: Record<string, string>): WrongSettings {
  const wrong = whatIsWrong(env)
  if (wrong === null) throw new Error('nothing was wrong')
  return wrong
}

function whatIsWrong(env: Record<string, string>): WrongSettings | null {
  try {
    readConfig(env)
    return null
  } catch (error) {
    if (error instanceof WrongSettings) return error
    throw error
  }
}

t.test('without settings the documented defaults apply', async (t) => {
  const settings = readSettings({})
  t.match(settings, {
    http: { host: '127.0.0.1', port: 9690 },
    lan: null,
    sip: { host: '127.0.0.1', port: 5060 },
    trunkHosts: ['127.0.0.2'],
    lineHours: { kind: 'weekly' },
    closingGraceMs: 1_800_000,
    answer: 'queue',
    greeting: 'full',
    wrapUpMs: 10_000,
    ringTimeoutMs: 15_000,
    nodes: 1,
    standbyPbx: false,
    demo: false,
  })
})

t.test('an empty setting counts as unset, and zero is a value', async (t) => {
  t.equal(readSettings({ WRAP_UP_MS: '' }).wrapUpMs, 10_000)
  t.equal(readSettings({ WRAP_UP_MS: '0' }).wrapUpMs, 0)
})

t.test('all wrong settings are reported at once, each with the accepted values', async (t) => {
  const error = wrongIn({
    ...services,
    HTTP_PORT: '99999',
    ANSWER: 'never',
    WRAP_UP_MS: '1e3',
    LAN: '0.0.0.0',
  })
  t.strictSame(
    error.wrong.map(({ name, given }) => [name, given]),
    [
      ['HTTP_PORT', '99999'],
      ['LAN', '0.0.0.0'],
      ['ANSWER', 'never'],
      ['WRAP_UP_MS', '1e3'],
    ],
  )
  t.match(error.message, /ANSWER: "never" is not accepted; expected queue or agent/)
})

t.test('malformed opening hours are reported with an example', async (t) => {
  t.match(
    wrongIn({ ...services, LINE_HOURS: 'Mon-Fri' }).message,
    /LINE_HOURS: "Mon-Fri".*Mon-Fri 08:00-22:00/,
  )
})

t.test('no message shows a secret', async (t) => {
  const wrong = {
    DATABASE_URL: 'mysql://a:hunter2@x',
    ARI_URL: 'http://a:hunter2@x:99999',
    SESSION_SECRET: 'hunter2',
  }
  const error = wrongIn({ ...services, ...wrong, TRUNK_REGISTER: 'user:hunter2' })
  t.equal(error.wrong.length, 4)
  t.notMatch(error.message, /hunter2/)
})

t.test('required settings that are missing are reported by name', async (t) => {
  const names = wrongIn({}).wrong.map((one) => one.name)
  t.strictSame(names.sort(), Object.keys(services).sort())
})

t.test('credentials are read from the URL, with percent-encoding', async (t) => {
  const config = readConfig({ ...services, API_PORT: '20001' })
  t.strictSame(config.ami, { host: '127.0.0.1', port: 5038, user: 'linia', password: 'secret:of@ami' })
  t.strictSame(config.api, { host: '127.0.0.1', port: 20_001 })
})

t.test('the configuration is immutable', async (t) => {
  const config = readConfig(services)
  t.ok(Object.isFrozen(config) && Object.isFrozen(config.paths) && Object.isFrozen(config.trunkHosts))
})

t.test('a certificate needs its key and its address', async (t) => {
  const names = wrongIn({ ...services, TLS_CERT: 'cert.pem' }).wrong.map((one) => one.name)
  t.strictSame(names, ['LAN', 'TLS_KEY'])
})

t.test('an impossible address or network is reported, not accepted as a host name', async (t) => {
  for (const hosts of ['10.0.0.0/99', '127.0.0.300', '10.0.0.0/', 'sip.example.ro/24', '2001:db8::/129'])
    t.throws(() => readSettings({ TRUNK_HOSTS: hosts }), WrongSettings, hosts)
  const right = ['198.51.100.20', '10.0.0.0/8', 'sip.example.ro', '2001:db8::/32', 'sbc1.3cx.ro']
  t.strictSame(readSettings({ TRUNK_HOSTS: right.join(', ') }).trunkHosts, right)
})

t.test('networks alone are not enough in TRUNK_HOSTS: calls to 112 need a destination', async (t) => {
  const { wrong, message } = wrongIn({ ...services, TRUNK_HOSTS: '203.0.113.0/28, 10.0.0.0/8' })
  t.match(wrong, [{ name: 'TRUNK_HOSTS', given: '203.0.113.0/28,10.0.0.0/8' }])
  t.match(message, /112/)
  const register = 'sip:u:password@sip.example.ro'
  t.equal(whatIsWrong({ ...services, TRUNK_HOSTS: '203.0.113.0/28', TRUNK_REGISTER: register }), null)
  t.equal(whatIsWrong({ ...services, TRUNK_HOSTS: '203.0.113.0/28,203.0.113.20' }), null)
})

t.test('SIP_PUBLIC is an IPv4 address and requires SIP on the network', async (t) => {
  t.equal(readSettings({ LAN: '192.168.1.9', SIP_PUBLIC: '198.51.100.7' }).sipPublic, '198.51.100.7')
  t.equal(readSettings({ SIP_HOST: '192.168.1.9', SIP_PUBLIC: '198.51.100.7' }).sipPublic, '198.51.100.7')
  for (const wrong of ['0.0.0.0', '2001:db8::7', 'linia.example.ro', '198.51.100.7:5060'])
    t.throws(() => readSettings({ LAN: '192.168.1.9', SIP_PUBLIC: wrong }), WrongSettings, wrong)
  t.match(wrongIn({ ...services, SIP_PUBLIC: '198.51.100.7' }).wrong, [
    { name: 'SIP_PUBLIC', accepted: /LAN/ },
  ])
})

t.test('a registration is accepted only when Asterisk’s configuration can express it', async (t) => {
  for (const wrong of ['sip:us%er:x@sip.example.ro', 'sip:u:a;b@host', 'sip:u:p@host:0', 'sip:u:p@[::1]'])
    t.throws(() => readSettings({ TRUNK_REGISTER: wrong }), WrongSettings, wrong)
  for (const right of ['sip:40219690969:p4ss:word!@sip.example.ro', 'sip:u:p@192.0.2.1:5080']) {
    t.equal(readSettings({ TRUNK_REGISTER: right }).trunkRegister, right)
    t.doesNotThrow(() => trunkSettings([], right), right)
  }
})

t.test('conflicting settings are reported by name', async (t) => {
  const LAN = '192.0.2.10'
  const certificate = { TLS_CERT: 'cert.pem', TLS_KEY: 'key.pem' }
  const cases: readonly [given: Record<string, string>, wrong: readonly string[]][] = [
    [{ LAN, HTTP_PORT: '65535' }, ['HTTP_PORT']],
    [{ LAN, HTTP_PORT: '65535', ...certificate }, []],
    [{ HTTP_PORT: '65535' }, []],
    [{ HTTP_PORT: '5060' }, ['SIP_PORT']],
    [{ HTTP_PORT: '5060', SIP_HOST: '127.0.0.5' }, []],
    [{ HTTP_PORT: '5060', SIP_HOST: '127.0.0.5', HTTP_HOST: '0.0.0.0' }, ['SIP_PORT']],
    [{ LAN, HTTP_PORT: '5059' }, ['SIP_PORT']],
    [{ LAN, HTTP_PORT: '5059', ...certificate }, []],
    [{ LAN, SIP_HOST: '127.0.0.5' }, ['SIP_HOST']],
    [{ LAN, SIP_HOST: LAN }, []],
    [{ LAN, HTTP_HOST: '0.0.0.0' }, ['HTTP_HOST']],
    [{ LAN, HTTP_HOST: LAN }, ['HTTP_HOST']],
    [{ SIP_HOST: '0.0.0.0' }, ['SIP_HOST']],
  ]
  for (const [given, names] of cases) {
    t.strictSame(
      whatIsWrong({ ...services, ...given })?.wrong.map(({ name }) => name) ?? [],
      names,
      JSON.stringify(given),
    )
  }
})

t.test('an address of another machine is reported with its setting', async (t) => {
  const elsewhere = '192.0.2.10'
  const check = (env: Record<string, string>) =>
    checkAddresses(readSettings({ ...env, HTTP_PORT: '29998' }), true)
  for (const name of ['LAN', 'SIP_HOST', 'HTTP_HOST'])
    await t.rejects(check({ SIP_PORT: '29997', [name]: elsewhere }), {
      name: 'UserError',
      message: new RegExp(`${name}: ${elsewhere} .* is not an address of this machine`),
    })
})

t.test('the journal is signed each minute, or more often', async (t) => {
  t.equal(readSettings({}).journalEveryMs, 60_000)
  t.equal(readSettings({ JOURNAL_SIGN_EVERY_S: '5' }).journalEveryMs, 5_000)
  for (const seconds of ['0', '61', '1.5'])
    t.match(wrongIn({ ...services, JOURNAL_SIGN_EVERY_S: seconds }).wrong, [{ name: 'JOURNAL_SIGN_EVERY_S' }])
})

const secretOf = (byte: number) => `whsec_${Buffer.alloc(32, byte).toString('base64')}`

t.test('a time-stamping authority needs its certificates, and a witness a secret', async (t) => {
  t.match(readSettings({}).witness, { stamps: null, push: null, everyMs: 3_600_000 })
  const whole = {
    JOURNAL_TSA_URL: 'http://tsa.example/tsr',
    JOURNAL_TSA_CA: '/etc/linia/tsa.pem',
    JOURNAL_WITNESS_URL: 'https://audit.primaria.example/969',
    JOURNAL_WITNESS_SECRET: secretOf(3),
    JOURNAL_WITNESS_EVERY_MIN: '30',
  }
  t.match(readSettings(whole).witness, {
    stamps: { url: whole.JOURNAL_TSA_URL, ca: '/etc/linia/tsa.pem' },
    push: { url: whole.JOURNAL_WITNESS_URL, secret: secretOf(3) },
    everyMs: 1_800_000,
  })
  const { JOURNAL_TSA_CA: _, JOURNAL_WITNESS_SECRET: __, ...half } = whole
  t.strictSame(
    wrongIn({ ...services, ...half, JOURNAL_WITNESS_EVERY_MIN: '0' }).wrong.map(({ name }) => name),
    ['JOURNAL_WITNESS_EVERY_MIN', 'JOURNAL_TSA_CA', 'JOURNAL_WITNESS_SECRET'],
  )
  const text = wrongIn({ ...services, ...whole, JOURNAL_WITNESS_SECRET: 'whsec_short' }).message
  t.notMatch(text, 'whsec_short', 'a wrong secret is not printed')
})

t.test('a receiver of webhooks needs an address and a private file with a secret', async (t) => {
  t.equal(readSettings({}).webhook, null)
  const folder = t.testdir({ good: `${secretOf(4)}\n`, open: secretOf(4), short: 'whsec_AAAA' })
  chmodSync(join(folder, 'good'), 0o600)
  chmodSync(join(folder, 'open'), 0o604)
  chmodSync(join(folder, 'short'), 0o600)
  const whole = { WEBHOOK_URL: 'https://crm.primaria.example/969', WEBHOOK_SECRET_FILE: join(folder, 'good') }
  const { webhook } = readSettings(whole)
  t.strictSame(webhook, { url: whole.WEBHOOK_URL, secretFile: whole.WEBHOOK_SECRET_FILE, withNumber: false })
  t.equal(webhookSecretIn(webhook!), secretOf(4))
  t.equal(readSettings({ ...whole, WEBHOOK_CALLER_NUMBER: '1' }).webhook?.withNumber, true)
  for (const name of ['open', 'short', 'missing']) {
    const secretFile = join(folder, name)
    t.throws(() => webhookSecretIn({ ...webhook!, secretFile }), {
      name: 'WrongSettings',
      message: new RegExp(
        `WEBHOOK_SECRET_FILE: "${secretFile}" is not accepted; expected a file with whsec_`,
      ),
    })
  }
  t.match(wrongIn({ ...services, WEBHOOK_URL: whole.WEBHOOK_URL }).wrong, [
    { name: 'WEBHOOK_SECRET_FILE', given: null },
  ])
  t.match(wrongIn({ ...services, WEBHOOK_CALLER_NUMBER: '1' }).wrong, [
    { name: 'WEBHOOK_URL' },
    { name: 'WEBHOOK_SECRET_FILE' },
  ])
  // Who calls whom, in plain text on the network.
  for (const url of ['http://10.0.0.7/calls', 'https://user:password@host/', 'crm.primaria.example'])
    t.match(wrongIn({ ...services, ...whole, WEBHOOK_URL: url }).wrong, [{ name: 'WEBHOOK_URL' }], url)
  t.equal(readSettings({ ...whole, WEBHOOK_URL: 'http://127.0.0.1:8080/calls' }).webhook?.withNumber, false)
})

t.test('a document system needs an address and two secrets, or none of them', async (t) => {
  t.equal(readSettings({}).documents, null)
  const whole = {
    DOCUMENTS_URL: 'https://documente.primaria.example/webhooks',
    DOCUMENTS_SECRET: secretOf(1),
    DOCUMENTS_STATUS_SECRET: secretOf(2),
  }
  t.match(readSettings(whole).documents, { url: whole.DOCUMENTS_URL, findUrl: null })
  const { DOCUMENTS_URL: _, ...addressless } = whole
  t.match(wrongIn({ ...services, ...addressless }).wrong, [{ name: 'DOCUMENTS_URL' }])
  const bare = { ...services, DOCUMENTS_URL: whole.DOCUMENTS_URL }
  t.strictSame(
    wrongIn(bare).wrong.map(({ name }) => name),
    ['DOCUMENTS_SECRET', 'DOCUMENTS_STATUS_SECRET'],
  )
  const twice = wrongIn({ ...services, ...whole, DOCUMENTS_STATUS_SECRET: whole.DOCUMENTS_SECRET })
  t.match(twice.message, /another secret than DOCUMENTS_SECRET/)
  t.notMatch(twice.message, /whsec_A/)
  for (const wrong of [
    'ftp://host/',
    'https://user:password@host/',
    'host/path',
    'https://host/#part',
    // Citizens' data in plain text on the network.
    'http://documente.primaria.example/webhooks',
    'http://10.0.0.7:8080/',
    'http://127.0.0.1.evil.example/',
    'http://localhost.evil.example/',
  ])
    for (const name of ['DOCUMENTS_URL', 'DOCUMENTS_FIND_URL'])
      t.match(wrongIn({ ...services, ...whole, [name]: wrong }).wrong, [{ name }], wrong)
  for (const right of ['http://127.0.0.1:8080/', 'http://[::1]:8080/', 'http://localhost/'])
    t.equal(readSettings({ ...whole, DOCUMENTS_URL: right }).documents?.url, right)
  for (const wrong of ['whsec_', `whsec_${'!'.repeat(44)}`, 'x'.repeat(44), `whsec_${'A'.repeat(20)}`])
    t.match(
      wrongIn({ ...services, ...whole, DOCUMENTS_SECRET: wrong }).wrong,
      [{ name: 'DOCUMENTS_SECRET' }],
      wrong,
    )
})
