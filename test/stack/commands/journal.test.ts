import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { pino } from 'pino'
import t from 'tap'
import { headSigner } from '../../../src/city/journal/checkpoint.ts'
import { readSettings } from '../../../src/config.ts'
import { anchorJournal } from '../../../src/ledger/journal/anchor.ts'
import { appendEntry, journalHead } from '../../../src/ledger/journal/journal.ts'
import { recordTerms } from '../../../src/ledger/retention/retention.ts'
import { proofOf } from '../../../src/ledger/journal/proof.ts'
import {
  acceptJournalRollback,
  exportJournal,
  tellJournalHead,
  tellJournalKey,
  verifyJournal,
} from '../../../src/stack/commands/journal.ts'
import { loadSecrets } from '../../../src/stack/secrets.ts'
import { UserError } from '../../../src/stack/terminal.ts'
import { Witness } from '../../../src/jobs/journal/witness.ts'
import { stampingAuthority } from '../../support/city/time-stamping-authority.ts'
import { testDatabase } from '../../support/postgres.ts'

const { appUrl, db } = await testDatabase(t)
const dir = t.testdir()
const settings = readSettings({ DATABASE_URL: appUrl, VAR_DIR: dir })
const { journal: secret } = await loadSecrets(settings.paths.secrets)
const signer = headSigner(secret)
for (let count = 0; count < 2_500; count++)
  await appendEntry(db, { what: 'look', about: 'ă„ș” \u2028', count })
const place = {
  folder: settings.paths.anchor,
  own: settings.paths.journal,
  verifierKey: signer.verifierKey,
}
await anchorJournal(db, place, signer, Date.now())
await appendEntry(db, { what: 'look', about: 'after the head' })

async function resultOf(command: (print: (line: string) => void) => Promise<number>) {
  const lines: string[] = []
  const code = await command((line) => lines.push(line))
  return { code, output: lines.join('\n') }
}
const verify = (...args: string[]) => resultOf((print) => verifyJournal(settings, args, print))

t.test('the journal is exported as it was hashed, and is verified from files alone', async (t) => {
  const file = path.join(dir, 'journal.ndjson')
  t.match(await resultOf((print) => exportJournal(settings, [file], print)), {
    code: 0,
    output: /^2501 entries/,
  })
  t.equal(readFileSync(file, 'utf8').split('\n').length, 2_502)
  await t.rejects(exportJournal(settings, [file]), UserError, 'an existing file is not overwritten')
  const anchor = settings.paths.anchor
  const good = /^2501 entries are what they were; 1 signed heads hold\.\nThe last 1 of them/
  t.match(
    await verify(file, anchor),
    { code: 1, output: /public key is missing/ },
    'not with the key beside the heads',
  )
  t.match(await verify(file, anchor, signer.verifierKey), { code: 0, output: good })
  const other = headSigner('another secret, which is long enough').verifierKey
  t.match(await verify(file, anchor, other), { code: 1, output: /not signed/ })
  const lines = readFileSync(file, 'utf8').split('\n')
  writeFileSync(
    file,
    lines.with(1_234, (lines[1_234] ?? '').replace('"count":1234', '"count":4321')).join('\n'),
  )
  t.match(await verify(file, anchor, signer.verifierKey), { code: 1, output: /\nFirst bad entry: 1234$/ })
  await t.rejects(verify(path.join(dir, 'none'), anchor), /There is no file/)
  await t.rejects(exportJournal(settings, []), /Say where to/)
})

t.test('the newest signed head is printed, and an export can be verified against it', async (t) => {
  const { code, output } = await resultOf((print) => tellJournalHead(settings, print))
  t.equal(code, 0)
  const [file, mailed] = ['again.ndjson', 'mailed.txt'].map((name) => path.join(dir, name)) as [
    string,
    string,
  ]
  await exportJournal(settings, [file], () => undefined)
  writeFileSync(mailed, `${output}\n`)
  t.match(await verify(file, mailed, signer.verifierKey), { code: 0, output: /1 signed heads hold/ })
  writeFileSync(mailed, `${output.replace('2500', '2499')}\n`)
  t.match(await verify(file, mailed, signer.verifierKey), { code: 1 })
  const elsewhere = readSettings({ VAR_DIR: path.join(dir, 'elsewhere') })
  await t.rejects(tellJournalHead(elsewhere), /no journal here yet/)
})

t.test('the running database is verified', async (t) => {
  const { code, output } = await verify()
  t.match(output, /^2501 entries are what they were/)
  t.notMatch(output, /terms of retention/)
  t.equal(code, 0)
})

t.test('a proof is verified with the key, which a command prints, and not without it', async (t) => {
  const head = signer.sign(await journalHead(db))
  const file = path.join(dir, 'one.tlog-proof')
  writeFileSync(file, (await proofOf(db, 77, head)) ?? '')
  const key = await resultOf((print) => tellJournalKey(settings, print))
  t.equal(key.output, signer.verifierKey)
  t.match(await verify(file), { code: 1, output: /public key is missing/ })
  t.match(await verify(file, key.output), { code: 0, output: /The proof holds/ })
  t.match(await verify(file, headSigner('another secret, which is long enough').verifierKey), { code: 1 })
  writeFileSync(file, readFileSync(file, 'utf8').replace('index 77', 'index 78'))
  t.match(await verify(file, key.output), { code: 1, output: /does not hold/ })
  const elsewhere = readSettings({ VAR_DIR: path.join(dir, 'elsewhere') })
  await t.rejects(tellJournalKey(elsewhere), /no journal here yet/)
  t.notOk(existsSync(elsewhere.paths.secrets))
})

t.test('nothing is verified without heads, entries, or stamps that were asked for', async (t) => {
  const [file, none, empty, keys] = ['last.ndjson', 'none', 'empty.ndjson', 'keys.txt'].map((name) =>
    path.join(dir, name),
  ) as [string, string, string, string]
  await exportJournal(settings, [file], () => undefined)
  mkdirSync(none)
  writeFileSync(empty, '')
  writeFileSync(keys, `${signer.verifierKey}\n`)
  const { anchor } = settings.paths
  t.match(await verify(file, none, keys), { code: 1, output: /no signed head/ })
  t.match(await verify(empty, none, keys), { code: 1, output: /no entry/ })
  t.match(await verify(empty, anchor, keys), { code: 1, output: /Entry 0 is missing/ })
  t.match(
    await verify(file, anchor, keys),
    { code: 0, output: /No time stamp was verified/ },
    'the key in a file',
  )
  writeFileSync(keys, 'something else')
  t.match(await verify(file, anchor, keys), { code: 1, output: /public key is missing/ })
  await t.rejects(verify(file, anchor, signer.verifierKey, '--tsa-ca', 'nowhere'), /certificates/)
  await t.rejects(verify(file, anchor, signer.verifierKey, '--tsa-ca'), /certificates/)
  const authority = await stampingAuthority(t, path.join(dir, 'tsa'))
  const stamped = () => verify(file, anchor, signer.verifierKey, '--tsa-ca', authority.ca)
  t.match(await stamped(), { code: 1, output: /time stamps were not verified: there are none/ })
  await new Witness({
    ...place,
    stamps: authority,
    push: null,
    everyMs: 1,
    alarm: () => null,
    log: pino({ level: 'silent' }),
    now: Date.now,
  }).work()
  t.match(await stamped(), { code: 0, output: /1 time stamps hold: the first 2500 entries existed on 20/ })
  const running = { ...settings, witness: { ...settings.witness, stamps: authority } }
  t.match(await resultOf((print) => verifyJournal(running, [], print)), {
    code: 0,
    output: /time stamps hold/,
  })
})

t.test('an accepted rollback needs a reason and a cause, and is told by each later check', async (t) => {
  const accept = (...words: string[]) => resultOf((print) => acceptJournalRollback(settings, words, print))
  for (const wrong of ['', '  ', 'a\nb', 'x'.repeat(501)]) await t.rejects(accept(wrong), /Say why/)
  await t.rejects(accept('fără cauză'), /nothing to accept/)
  const elsewhere = readSettings({ VAR_DIR: path.join(dir, 'elsewhere') })
  await t.rejects(acceptJournalRollback(elsewhere, ['x']), /no journal here yet/)
  rmSync(settings.paths.anchor, { recursive: true })
  t.match(await verify(), { code: 1, output: /no signed head/ })
  t.match(await accept('Volum', 'înlocuit'), { code: 0, output: /Accepted as entry 2501 / })
  t.match(await verify(), { code: 1 }, 'nothing is signed yet')
  await anchorJournal(db, place, signer, Date.now())
  t.match(await verify(), { code: 0, output: /Entry 2501: on 20.* accepted a rollback: Volum înlocuit$/ })
  t.match(await verify(headSigner('another secret, which is long enough').verifierKey), {
    code: 1,
    output: /not signed/,
  })
})

t.test('changes of the terms of retention are told', async (t) => {
  await recordTerms(db, { audioDays: 183, detailsDays: 1_095 })
  await appendEntry(db, { what: 'terms', kind: 'retention', days: { audio: -1, details: 'x' } })
  await appendEntry(db, { what: 'terms', kind: 'retention' })
  t.match(
    (await verify()).output,
    /became audio 183 days, details 1095 days\nEntry \d+: on 20.* became audio -1 days, details "x" days\n.* became none$/,
  )
})
