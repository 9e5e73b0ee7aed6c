import t from 'tap'
import { base32, totpAt, totpStep, totpUri } from '../../../src/people/sign-in/totp.ts'

const secret = Buffer.from('12345678901234567890')

t.test('codes are those of RFC 6238, appendix B (its last six digits)', async (t) => {
  for (const [seconds, code] of [
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
    [20_000_000_000, '353130'],
  ] as const)
    t.equal(totpAt(secret, seconds * 1_000), code)
})

t.test('a code is accepted half a minute early or late, not longer', async (t) => {
  const now = 1_111_111_109_000
  const step = Math.floor(now / 30_000)
  t.equal(totpStep(secret, '081804', now), step)
  t.equal(totpStep(secret, '081804', now + 30_000), step, 'the phone is late')
  t.equal(totpStep(secret, '081804', now - 30_000), step, 'the phone is early')
  t.equal(totpStep(secret, '081804', now + 60_000), null)
  t.equal(totpStep(secret, '081804', now - 60_000), null)
  t.equal(totpStep(secret, '', now), null)
  t.equal(totpStep(secret, '81804', now), null)
})

t.test('the secret is in base32 (RFC 4648), and apps read its address', async (t) => {
  t.equal(base32(Buffer.from('foobar')), 'MZXW6YTBOI')
  t.equal(base32(Buffer.from('fooba')), 'MZXW6YTB')
  t.equal(base32(Buffer.alloc(0)), '')
  const uri = new URL(totpUri(secret, 'ana.pop', 'Linia 969'))
  t.equal(uri.href.split('?')[0], 'otpauth://totp/Linia%20969:ana.pop')
  t.equal(uri.searchParams.get('secret'), 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ')
  t.equal(uri.searchParams.get('issuer'), 'Linia 969')
})
