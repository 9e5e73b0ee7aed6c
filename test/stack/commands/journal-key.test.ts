import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import t from 'tap'
import { headSigner } from '../../../src/city/journal/checkpoint.ts'
import { extendKeyChain, readKeyChain, trustedKeys } from '../../../src/city/journal/key-chain.ts'
import { readSettings } from '../../../src/config.ts'
import { anchorJournal } from '../../../src/ledger/journal/anchor.ts'
import { checkDatabase } from '../../../src/ledger/journal/check.ts'
import { appendEntry } from '../../../src/ledger/journal/journal.ts'
import { rotateJournalKey } from '../../../src/stack/commands/journal-state.ts'
import { testDatabase } from '../../support/postgres.ts'

const secrets = ['first', 'second', 'third'].map((name) => `the ${name} secret, which is long enough`)
const [first, second, third] = secrets.map(headSigner) as [Signer, Signer, Signer]
type Signer = ReturnType<typeof headSigner>

t.test('a chain binds each key to the one before it, by the signatures of both', async (t) => {
  const chain = extendKeyChain(extendKeyChain(first.verifierKey, first, second), second, third)
  t.strictSame(
    readKeyChain(chain)?.map(({ text }) => text),
    [first, second, third].map(({ verifierKey }) => verifierKey),
  )
  const lines = chain.trim().split('\n')
  t.equal(readKeyChain([lines[0], lines[2]].join('\n')), null, 'a key left out')
  t.equal(readKeyChain([lines[1], lines[0]].join('\n')), null, 'another order')
  t.equal(readKeyChain([lines[0], third.verifierKey].join('\n')), null, 'a key without signatures')
  t.equal(readKeyChain(chain.replace(/.=\s/, 'A=\n')), null)
  t.equal(readKeyChain(''), null)
  t.equal(readKeyChain('no key'), null)
  const theirs = extendKeyChain(second.verifierKey, second, third)
  t.equal(trustedKeys(first.verifierKey, chain).length, 3, 'who keeps the first key recognises the others')
  t.equal(trustedKeys(third.verifierKey, chain).length, 3, 'and who keeps the last one')
  t.equal(
    trustedKeys(first.verifierKey, theirs).length,
    1,
    'a chain that does not hold the kept key adds nothing',
  )
  t.equal(trustedKeys('', chain).length, 0, 'no key is taken from the place that is checked')
})

t.test('after a rotation old heads still verify, and the old key signs no new ones', async (t) => {
  const { db } = await testDatabase(t)
  const settings = readSettings({ VAR_DIR: t.testdir() })
  const { anchor: folder, journal: own } = settings.paths
  const placeOf = ({ verifierKey }: Signer) => ({ folder, own, verifierKey })
  const anchor = async (signer: Signer) => {
    await appendEntry(db, { what: 'look', about: 'x' })
    return anchorJournal(db, placeOf(signer), signer, Date.now())
  }
  const rotate = (oldSecret = '', newSecret = '') => rotateJournalKey(settings, { oldSecret, newSecret })
  t.equal(await anchor(first), 'goes on')
  t.equal(await anchor(second), 'another key', 'a key that was swapped signs nothing')
  await t.rejects(rotate(secrets[1], secrets[2]), /present key is not the one/)
  await rotate(secrets[0], secrets[1])
  t.equal(await anchor(first), 'another key')
  await rotate(secrets[0], secrets[1])
  t.equal(await anchor(second), 'goes on')
  await rotate(secrets[1], secrets[2])
  t.equal(await anchor(third), 'goes on')
  const check = (verifierKey: string) =>
    checkDatabase(db, { anchor: folder, verifierKey, place: placeOf(third) })
  for (const kept of [first, second, third])
    t.match(await check(kept.verifierKey), { ok: true, heads: 3 }, 'whichever key the auditor keeps')
  const heads = path.join(folder, `${new Date().toISOString().slice(0, 10)}.heads`)
  const text = readFileSync(heads, 'utf8')
  const last = text.split(/(?<=\n)(?=linia969)/).at(-1) ?? ''
  const size = Number(last.split('\n')[1])
  const root = Buffer.from(last.split('\n')[2] ?? '', 'base64')
  writeFileSync(heads, text.replace(last, `${last}${first.sign({ size, root }).text}`))
  t.match(await check(first.verifierKey), { ok: false, bad: { sentence: /a key that had been replaced/ } })
  writeFileSync(heads, text)
  rmSync(own, { recursive: true })
  t.equal(await anchor(third), 'goes on', 'after a restore the chain beside the heads is taken up again')
  t.equal(readKeyChain(readFileSync(path.join(own, 'keys'), 'utf8'))?.length, 3)
})
