/** Heads are witnessed outside: stamped by an authority, and sent away. An authority of ours answers, well or badly. */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { sql } from 'kysely'
import { pino } from 'pino'
import { Webhook } from 'standardwebhooks'
import t, { type Test } from 'tap'
import { Witness, type WitnessOptions } from '../../../src/jobs/journal/witness.ts'
import { anchorJournal } from '../../../src/ledger/journal/anchor.ts'
import { checkExport } from '../../../src/ledger/journal/check.ts'
import { appendEntry, journalEntries } from '../../../src/ledger/journal/journal.ts'
import { stampsIn } from '../../../src/ledger/journal/time-stamps.ts'
import { bodyOf } from '../../support/request-body.ts'
import { attack } from '../../support/attack.ts'
import { stampingAuthority, type Authority } from '../../support/city/time-stamping-authority.ts'
import { rewritten, scene, signer, type Scene } from '../../ledger/journal/scene.ts'

const secret = `whsec_${Buffer.from('a secret of these tests, long enough').toString('base64')}`
const hourMs = 3_600_000

interface Sent {
  readonly type: string
  readonly data: Record<string, unknown>
}

/** The auditor's side of the messages. */
async function mailbox(t: Test) {
  const state = { status: 204, sent: [] as Sent[] }
  const server = createServer((request, response) => {
    void (async () => {
      const body = (await bodyOf(request))?.toString()
      if (body === undefined) return
      const headers = request.headers as Record<string, string>
      if (state.status < 300) state.sent.push(new Webhook(secret).verify(body, headers) as Sent)
      response.writeHead(state.status).end()
    })()
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  t.teardown(async () => {
    server.closeAllConnections()
    await new Promise((closed) => server.close(closed))
  })
  return Object.assign(state, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` })
}

const newWitness = (it: Scene, more: Partial<WitnessOptions>) =>
  new Witness({
    ...it.place,
    stamps: null,
    push: null,
    everyMs: hourMs,
    alarm: () => null,
    log: pino({ level: 'silent' }),
    now: Date.now,
    ...more,
  })

/** What an auditor has who was given a copy of the anchor, an export, the key and the authority's certificates. */
async function auditor(it: Scene, { ca }: Authority, name = 'auditor') {
  const folder = path.join(it.dir, name)
  mkdirSync(folder)
  const file = path.join(folder, 'journal.ndjson')
  const lines = (await journalEntries(it.db, 0, 10_000)).map(({ entry }) => `${entry}\n`)
  writeFileSync(file, lines.join(''))
  const anchor = path.join(folder, 'anchor')
  cpSync(it.anchor, anchor, { recursive: true })
  const check = (more: { ca?: string } = {}) =>
    checkExport(file, { anchor, verifierKey: signer.verifierKey, stamps: { ca, ...more } })
  return { anchor, file, check }
}

t.test('the newest head is stamped once a period, and the stamp is verified from files alone', async (t) => {
  const it = await scene(t)
  const authority = await stampingAuthority(t, path.join(it.dir, 'tsa'))
  // The authority's clock is ahead of ours.
  let now = Date.now() - 2_000
  const witness = newWitness(it, { stamps: authority, now: () => now })
  await witness.work()
  t.match(await stampsIn(it.anchor), [{ size: 24 }])
  t.ok(Math.abs((witness.counts.stampedAt ?? 0) - Date.now()) < 10_000)
  await appendEntry(it.db, { what: 'look', about: 'more' })
  await anchorJournal(it.db, it.place, signer, now)
  await witness.work()
  t.equal(authority.asked, 1, 'not before the period has passed')
  now += hourMs + 10_000
  await witness.work()
  t.equal(authority.asked, 2)
  await witness.work()
  t.equal(authority.asked, 2, 'a head that has its stamp needs no other')
  const { check, anchor } = await auditor(it, authority)
  t.match(await check(), {
    ok: true,
    heads: 6,
    stamped: { size: 25, stamps: 2, authority: /Timp de probă|Timp/ },
  })

  const stamp = path.join(anchor, 'stamps', '24.tsr')
  const whole = readFileSync(stamp)
  writeFileSync(stamp, whole.subarray(0, -9))
  t.match(await check(), { ok: false, bad: { sentence: /stamp of the head of 24 entries does not hold/ } })
  writeFileSync(stamp, readFileSync(path.join(anchor, 'stamps', '25.tsr')))
  t.match(await check(), {
    ok: false,
    bad: { sentence: /24 entries does not hold: message imprint mismatch/ },
  })
  writeFileSync(stamp, whole)
  const other = await stampingAuthority(t, path.join(it.dir, 'other'), { name: 'Alta' })
  t.match(await check({ ca: other.ca }), {
    ok: false,
    bad: { sentence: /24 entries does not hold: certificate verify/ },
  })
  rmSync(path.join(anchor, 'stamps'), { recursive: true })
  t.match(await check(), { ok: false, bad: { sentence: /not verified: there are none/ } })
})

t.test('a bad authority is tried again, and what it says is not kept', async (t) => {
  const it = await scene(t)
  const authority = await stampingAuthority(t, path.join(it.dir, 'tsa'))
  let now = Date.now()
  const witness = newWitness(it, { stamps: authority, now: () => now })
  for (const [manner, why] of [
    ['down', /no connection/],
    ['error', /answered 500/],
    ['garbage', /not accepted/],
    ['of other data', /not accepted: message imprint mismatch/],
    ['refusal', /not accepted/],
  ] as const) {
    authority.manner = manner
    await t.rejects(witness.work(), why, manner)
    const { asked } = authority
    await witness.work()
    t.equal(authority.asked, asked, 'not each minute')
    now += 5 * 60_000
  }
  t.notOk(
    existsSync(path.join(it.anchor, 'stamps')) && readdirSync(path.join(it.anchor, 'stamps')).length > 0,
  )
  t.equal(witness.counts.failures, 5)
  authority.manner = 'good'
  await witness.work()
  t.match(await stampsIn(it.anchor), [{ size: 24 }])
})

t.test('a clock that is off by a year is noticed by the authority’s time', async (t) => {
  const it = await scene(t)
  const authority = await stampingAuthority(t, path.join(it.dir, 'tsa'))
  const log: string[] = []
  const year = 365 * 24 * hourMs
  const options = { stamps: authority, log: pino({}, { write: (line) => void log.push(line) }) }
  await newWitness(it, { ...options, now: () => Date.now() - year }).work()
  t.match(log.join(''), /"level":50.*THE CLOCK HERE DIFFERS/)
  await appendEntry(it.db, { what: 'look', about: 'more' })
  await anchorJournal(it.db, it.place, signer, Date.now())
  await newWitness(it, { ...options, now: () => Date.now() + year }).work()
  t.equal((await stampsIn(it.anchor)).length, 2)
})

t.test('heads and alarms are sent, signed, and tried again while the address is away', async (t) => {
  const it = await scene(t)
  const authority = await stampingAuthority(t, path.join(it.dir, 'tsa'))
  const box = await mailbox(t)
  let [now, alarm] = [Date.now(), null as string | null]
  const everyMs = 1_000
  const options = {
    stamps: authority,
    push: { url: box.url, secret },
    everyMs,
    now: () => now,
    alarm: () => alarm,
  }
  const witness = newWitness(it, options)
  box.status = 503
  await t.rejects(witness.work(), /address answered 503/)
  box.status = 204
  now += everyMs
  await witness.work()
  t.match(box.sent, [
    { type: 'journal.head', data: { entries: 24, head: /^linia969/, stamp: { head: /\n24\n/ } } },
  ])
  await witness.work()
  t.equal(box.sent.length, 1)
  alarm = 'The journal has fewer entries than were anchored.'
  await witness.work()
  await witness.work()
  t.match(box.sent.slice(1), [{ type: 'journal.alarm', data: { why: alarm } }])
  now += everyMs
  await witness.work()
  t.equal(box.sent.length, 3, 'an alarm that lasts is repeated')
  t.ok([...witness.figures().values()].every((at) => at > 0))

  // The message alone is enough for the auditor.
  const folder = path.join(it.dir, 'mail')
  mkdirSync(folder)
  const { stamp } = (box.sent[0]?.data ?? {}) as { stamp: { head: string; token: string } }
  writeFileSync(path.join(folder, '24.head'), stamp.head)
  writeFileSync(path.join(folder, '24.tsr'), Buffer.from(stamp.token, 'base64'))
  const { file } = await auditor(it, authority)
  const against = { anchor: folder, verifierKey: signer.verifierKey, stamps: { ca: authority.ca } }
  t.match(await checkExport(file, against), { ok: true, heads: 1, stamped: { size: 24 } })
})

await attack(
  t,
  {
    attack: 'rewrites the journal, re-signs it with the true key, and replaces anchor and marks as well',
    before: 'nothing outside the machine knew better: every check found all intact',
    now: 'a head that was stamped or sent before does not match: the check against it fails and names the entries',
  },
  async (t) => {
    const it = await scene(t)
    const authority = await stampingAuthority(t, path.join(it.dir, 'tsa'))
    await newWitness(it, { stamps: authority }).work()
    const before = await auditor(it, authority, 'before')
    rmSync(it.anchor, { recursive: true })
    rmSync(it.place.own, { recursive: true })
    await it.force(sql`update journal_mark set size = 0, head = null`)
    await it.force(rewritten({ entry: 10, from: '1/2', to: '9/9' }))
    t.equal(await anchorJournal(it.db, it.place, signer, Date.now()), 'goes on', 'this machine cannot know')
    await newWitness(it, { stamps: authority }).work()
    const after = await auditor(it, authority, 'after')
    t.match(await after.check(), { ok: true }, 'and the forgery is consistent')
    const against = { anchor: before.anchor, verifierKey: signer.verifierKey, stamps: { ca: authority.ca } }
    t.match(await checkExport(after.file, against), { ok: false, bad: { index: 10, sentence: /Entry 10/ } })
    const kept = path.join(it.dir, 'kept')
    cpSync(path.join(before.anchor, 'stamps'), kept, { recursive: true })
    t.match(await checkExport(after.file, { ...against, anchor: kept }), {
      ok: false,
      bad: { index: 0, sentence: /what the head of 24 entries was signed for/ },
    })
  },
)
