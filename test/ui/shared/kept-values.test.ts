import t from 'tap'
import {
  acceptText,
  forgetAllKept,
  forgetKept,
  keepsUnsent,
  keyOf,
  readKept,
  writeKept,
  type KeptStorage,
} from '../../../src/ui/shared/unsaved/kept-values.ts'

const day = 24 * 60 * 60 * 1_000
const at = Date.parse('2026-12-03T10:00:00Z')
const key = 'linia.unsent.a1.agreement'

function storageOf(
  rows: Record<string, string> = {},
): KeptStorage & { readonly rows: Record<string, string> } {
  return {
    rows,
    getItem: (name) => rows[name] ?? null,
    setItem: (name, value) => {
      rows[name] = value
    },
    removeItem: (name) => {
      delete rows[name]
    },
  }
}

t.test('an unsent text comes back with the version that it was changed from', async (t) => {
  const place = { storage: storageOf(), key, accept: acceptText }
  t.equal(readKept(place, at), null)
  t.equal(writeKept(place, { value: 'Eu, {nume}', basis: '3', at }), true)
  t.strictSame(readKept(place, at + day), { value: 'Eu, {nume}', basis: '3', at })
  forgetKept(place)
  t.equal(readKept(place, at + day), null)
})

t.test('what is old, of another shape or not ours is not brought back', async (t) => {
  const place = { storage: storageOf(), key, accept: acceptText }
  writeKept(place, { value: 'x', basis: '1', at })
  t.equal(readKept(place, at + 15 * day), null)
  t.strictSame(place.storage.rows, {}, 'and is dropped')
  for (const stored of ['{', '3', '{"value":{},"basis":"1","at":1}', '{"value":"x"}'])
    t.equal(readKept({ ...place, storage: storageOf({ [key]: stored }) }, at), null, stored)
})

t.test('a storage that is full or closed is reported, not thrown', async (t) => {
  const closed = () => {
    throw new Error('QuotaExceededError')
  }
  const storage: KeptStorage = { getItem: closed, setItem: closed, removeItem: closed }
  const place = { storage, key, accept: acceptText }
  t.equal(readKept(place, at), null)
  t.equal(writeKept(place, { value: 'x', basis: '1', at }), false)
  t.doesNotThrow(() => forgetKept(place))
})

t.test('a tab keeps values of its account, and none after the sign-out', async (t) => {
  const rows: Record<string, string> = { 'linia.scheme': 'dark', [keyOf('a1', 'new account')]: '{}' }
  const storage = {
    ...storageOf(rows),
    get length() {
      return Object.keys(rows).length
    },
    key: (index: number) => Object.keys(rows)[index] ?? null,
  }
  t.equal(keepsUnsent(storage, 'a1'), true)
  t.equal(keepsUnsent(storage, 'a2'), false, 'another account’s values are not asked for')
  forgetAllKept(storage)
  t.strictSame(Object.keys(rows), ['linia.scheme'])
})
