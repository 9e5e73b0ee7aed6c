import t from 'tap'
import { spokenNumber } from '../../../src/ui/shared/phone-number.ts'

t.test('phone numbers are grouped as they are spoken', (t) => {
  t.equal(spokenNumber('+40721234567'), '0721 234 567')
  t.equal(spokenNumber('+40256111222'), '0256 111 222')
  t.equal(spokenNumber('+40211234567'), '021 123 4567')
  t.equal(spokenNumber('+4915112345678'), '+491 511 234 5678')
  t.equal(spokenNumber('112'), '112')
  t.equal(spokenNumber('anonymous'), 'anonymous')
  t.end()
})
