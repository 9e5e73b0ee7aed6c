import { createHash } from 'node:crypto'
import { pino } from 'pino'
import t from 'tap'
import { soundOf } from '../../../src/core/configuration/menu.ts'
import type { AgentId } from '../../../src/core/ids.ts'
import { journalRows } from '../../../src/ledger/journal/row-check.ts'
import {
  newestPrompts,
  promptSound,
  promptVersions,
  publishPrompt,
  recordedPrompts,
  soundDigests,
  type PromptPublication,
} from '../../../src/ledger/prompts/versions.ts'
import { watchPrompts } from '../../../src/ledger/prompts/watch.ts'
import { addAccount } from '../../../src/people/accounts.ts'
import { quickHash } from '../../support/passwords.ts'
import { testDatabase } from '../../support/postgres.ts'
import { until } from '../../support/until.ts'

const { db, appUrl: url } = await testDatabase(t)
const by = await account()
const wave = Buffer.alloc(1_000, 'voice')
const sound = { wave, lengthMs: 2_300, levelDb: -24.3, loudnessLufs: -24.1 }
const reason = 'vocea Mariei, contract nr. 7'

async function account(): Promise<AgentId> {
  const person = {
    username: 'admin',
    name: 'Dan Țepeș',
    employer: 'Primăria',
    roles: ['administrator'],
  } as const
  const added = await addAccount(db, { ...person, password: 'o parolă lungă' }, quickHash)
  if (!added.ok) throw new Error(added.why)
  return added.account.id
}

async function published(publication: Partial<PromptPublication>): Promise<number> {
  const answer = await publishPrompt(db, {
    prompt: 'greeting',
    basedOn: null,
    sound,
    reason,
    by,
    ...publication,
  })
  if (!answer.ok) throw new Error(answer.why)
  return answer.id
}

void t.test('a publication follows the version that was seen', async (t) => {
  const first = await published({})
  t.match(await newestPrompts(db), [
    { id: first, prompt: 'greeting', sound: { lengthMs: 2_300 }, byName: 'Dan Țepeș', reason },
  ])
  t.ok((await promptSound(db, 'greeting', first))?.equals(wave))
  t.equal(await promptSound(db, 'closed', first), null, 'of another prompt')
  for (const basedOn of [null, first + 100])
    t.match(await publishPrompt(db, { prompt: 'greeting', basedOn, sound, reason, by }), { ok: false })
  const two = await Promise.all(
    [1, 2].map(() => publishPrompt(db, { prompt: 'greeting', basedOn: first, sound, reason, by })),
  )
  t.equal(two.filter(({ ok }) => ok).length, 1, 'of two at once one wins')
  const other = await published({ prompt: 'closed' })
  t.match((await recordedPrompts(db)).map(({ prompt }) => prompt).toSorted(), ['closed', 'greeting'])
  await published({ prompt: 'closed', basedOn: other, sound: null })
  t.same(
    (await recordedPrompts(db)).map(({ prompt }) => prompt),
    ['greeting'],
    'the machine’s voice again',
  )
  t.match(
    (await promptVersions(db, { prompt: 'closed', before: null, limit: 9 })).map((version) => version.sound),
    [null, { lengthMs: 2_300 }],
  )
})

void t.test('a text has its recording under the name of its sound, beside the fixed prompts', async (t) => {
  const prompt = soundOf('hu', 'Az adókhoz nyomja meg az egyest.', 'menu')
  const first = await published({ prompt })
  t.match(await promptVersions(db, { prompt, before: null, limit: 9 }), [{ id: first, prompt }])
  t.ok((await newestPrompts(db)).some((one) => one.prompt === prompt))
  const digest = createHash('sha256').update(wave).digest('hex')
  t.same(await soundDigests(db, [first, first + 100]), [{ id: first, digest }])
  t.same(await soundDigests(db, []), [])
  const machine = await published({ prompt, basedOn: first, sound: null })
  t.notOk((await recordedPrompts(db)).some((one) => one.prompt === prompt))
  t.same(await soundDigests(db, [machine]), [], 'it has no sound')
})

void t.test('music may be longer than a sentence, of the line and of a queue', async (t) => {
  const piece = { wave: Buffer.alloc(3_840_044), lengthMs: 240_000, levelDb: -31, loudnessLufs: -30 }
  for (const prompt of ['music', 'music-taxe-2']) {
    const id = await published({ prompt, sound: piece })
    t.ok((await promptSound(db, prompt, id))?.equals(piece.wave), prompt)
    await published({ prompt, basedOn: id, sound: null })
  }
})

void t.test('each version has an entry in the journal', async (t) => {
  const version = await published({ prompt: 'goodbye' })
  await journalRows(db, 100)
  const entries = await db
    .selectFrom('journal_entries')
    .select('row_key')
    .where('register', '=', 'prompt_versions')
    .execute()
  t.ok(entries.some(({ row_key }) => row_key === String(version)))
})

void t.test(
  'the database refuses a sound without its length, and an unknown version before it',
  async (t) => {
    const row = { prompt: 'line-full', reason_digest: Buffer.alloc(32), by, based_on: null } as const
    const insert = (change: object) =>
      db
        .insertInto('prompt_versions')
        .values({ ...row, sound: null, length_ms: null, level_db: null, ...change })
        .execute()
    await t.rejects(insert({ sound: wave }), { code: '23514' })
    await t.rejects(insert({ sound: wave, length_ms: 60_001, level_db: -24 }), { code: '23514' })
    await t.rejects(insert({ sound: Buffer.alloc(1_000_001), length_ms: 1, level_db: -24 }), {
      code: '23514',
    })
    const longest = { sound: Buffer.alloc(3_900_000), length_ms: 240_000, level_db: -30 }
    for (const change of [
      { ...longest, length_ms: 240_001 },
      { ...longest, length_ms: 9_999 },
    ])
      await t.rejects(insert({ prompt: 'music', ...change }), { code: '23514' })
    for (const prompt of ['music-Taxe', 'music-../x'])
      await t.rejects(insert({ prompt, ...longest }), { code: '23514' }, prompt)
    await t.rejects(insert({ prompt: 'closed', ...longest }), { code: '23514' }, 'music alone may be so long')
    for (const prompt of ['../closed', 'menu-ro-12', 'menu-hun-0123456789abcdef', 'menu-ro-0123456789ABCDEF'])
      await t.rejects(insert({ prompt }), { code: '23514' }, prompt)
    await t.rejects(insert({ based_on: 1 }), { code: '23503' })
  },
)

void t.test('a node is told at once, and keeps what it has when a file cannot be written', async (t) => {
  const told: string[][] = []
  const digests = new Set<string>()
  let works = true
  const stop = watchPrompts({
    db,
    databaseUrl: url,
    log: pino({ level: 'silent' }),
    everyMs: 60_000,
    apply: async (recorded) => {
      if (!works) throw new Error('the disk is full')
      for (const { digest } of recorded) digests.add(digest)
      told.push(recorded.map(({ prompt }) => prompt).toSorted())
    },
  })
  t.teardown(stop)
  await until(() => told.length > 0)
  await published({ prompt: 'called' })
  await until(() => told.at(-1)?.includes('called') === true, 45_000)
  works = false
  await published({ prompt: 'technical-fault' })
  works = true
  await published({ prompt: 'fallback-hold' })
  await until(() => told.at(-1)?.includes('fallback-hold') === true, 45_000)
  t.ok(told.at(-1)?.includes('technical-fault'), 'the next time brings both')
  t.same([...digests], [createHash('sha256').update(wave).digest('hex')], 'each is that of the sound')
})
