import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import t from 'tap'
import { readSettings } from '../../../src/config.ts'
import { dateAt, daysLater } from '../../../src/core/local-time.ts'
import { newestConfiguration } from '../../../src/ledger/configuration/versions.ts'
import {
  applyConfiguration,
  exportConfiguration,
  planConfiguration,
} from '../../../src/stack/commands/configuration.ts'
import { releaseLock, takeLock } from '../../../src/stack/lock.ts'
import { tryCall, tryConfiguration } from '../../../src/stack/commands/dry-run.ts'
import { addAccount } from '../../../src/people/accounts.ts'
import { addCallerNotice } from '../../../src/people/caller-notices/caller-notices.ts'
import { changeConfiguration } from '../../support/configuration.ts'
import { quickHash } from '../../support/passwords.ts'
import { testDatabase } from '../../support/postgres.ts'

const [city, other] = [await testDatabase(t), await testDatabase(t)]
const dir = t.testdir()
const settings = readSettings({ DATABASE_URL: city.appUrl, VAR_DIR: dir })
const otherSettings = readSettings({ DATABASE_URL: other.appUrl, VAR_DIR: dir })
let files = 0

async function linesOf(
  command: (tell: (line: string) => void) => Promise<number>,
): Promise<readonly string[]> {
  const lines: string[] = []
  await command((line) => lines.push(line))
  return lines
}
function fileWith(text: string): string {
  const file = join(dir, `line-${(files += 1)}.yaml`)
  writeFileSync(file, text)
  return file
}
async function exported(from = settings): Promise<string> {
  const file = join(dir, `exported-${(files += 1)}.yaml`)
  await exportConfiguration(from, [file])
  return readFileSync(file, 'utf8')
}
const plan = (file: string, of = settings) => linesOf((tell) => planConfiguration(of, [file], tell))
const apply = (file: string, of = settings, ...more: string[]) =>
  linesOf((tell) => applyConfiguration(of, [file, 'probă', ...more], tell))

await t.test('rules for calls to citizens are bounded abroad by the settings of the server', async (t) => {
  const [mine, own] = [await testDatabase(t), { OUTBOUND_ALLOW: '+402,+373' }]
  const of = readSettings({ DATABASE_URL: mine.appUrl, VAR_DIR: dir, ...own })
  const rules = (allowed: string) =>
    `outbound: { allowed: [${allowed}], agents: any, supervisors: returns, perHour: 5, perHourAll: 50 }\n`
  const before = await exported(of)
  await t.rejects(apply(fileWith(before + rules('"+4031", "+44", "0256408300"')), of), {
    message:
      /outbound\.allowed\[1\] \(\+44\): abroad only[^]*\[2\] \(0256408300\): a beginning has its country/,
  })
  const file = fileWith(before + rules('"+4031", "+37322"'))
  t.match(await plan(file, of), [/^\+ outbound: .*"\+37322"/])
  t.match(await apply(file, of), [/^\+ outbound/, /^Version \d+ is in force\.$/])
  t.match(await exported(of), /^outbound:\n {2}agents: any/m)
  t.match(await plan(fileWith(before), of), [/^- outbound: /, /--over/])
})

const added = `
  - id: taxe
    name: Taxe și impozite
    skill: taxe
    levelMin: 2
    priority: 10
`

await t.test(
  'a file is exported, changed, planned and applied; a second time there is nothing to do',
  async (t) => {
    const before = await exported()
    t.match(before, /^# The configuration of the line/)
    t.same(await plan(fileWith(before)), ['No change: this is what is in force.'])
    const changed = fileWith(
      before.replace('hours: []', '').replace('queues:', `queues:${added.trimEnd()}`) + 'hours: []\n',
    )
    const [line, ...more] = await plan(changed)
    t.match(line, /^\+ queues\.taxe: .*"levelMin":2/)
    const nobody =
      '! queues.taxe: no agent has the skill taxe at level 2 or above, so nobody can serve its callers'
    t.same(more, [nobody], 'what the change brings, not what was so before')
    t.equal((await newestConfiguration(city.db)).id, 0, 'a plan publishes nothing')
    t.match(await apply(changed), [/^\+ queues\.taxe/, nobody, /^Version \d+ is in force\.$/])
    t.match(await newestConfiguration(city.db), { by: null, reason: 'probă' })
    t.same(await apply(changed), ['No change: this is what is in force.'])
  },
)

await t.test('a file whose publication was not answered goes on from its version', async (t) => {
  const { id } = await newestConfiguration(city.db)
  const unanswered = fileWith((await exported()).replace(/^basedOn:.*$/m, 'basedOn: 0'))
  t.same(await apply(unanswered), ['No change: this is what is in force.'])
  t.equal((await newestConfiguration(city.db)).id, id, 'nothing is published twice')
  t.match(readFileSync(unanswered, 'utf8'), `basedOn: ${id}\n`)
})

await t.test('what one system exports is the same on an empty one', async (t) => {
  const file = fileWith(await exported())
  await t.rejects(apply(file, otherSettings), { message: /not of this system.*--over 0/ })
  await apply(file, otherSettings, '--over', '0')
  t.same((await newestConfiguration(other.db)).document, (await newestConfiguration(city.db)).document)
  t.same(await plan(file, otherSettings), ['No change: this is what is in force.'])
  const renamed = fileWith((await exported()).replace('Taxe și impozite', 'Taxe'))
  t.same(await plan(renamed), ['~ queues.taxe.name: Taxe și impozite → Taxe'])
})

await t.test('a change of which the file does not know is not undone unless told so', async (t) => {
  const file = fileWith(await exported())
  const on = async (name: string, ...more: string[]) => {
    writeFileSync(file, readFileSync(file, 'utf8').replace(/name: Informații.*$/m, `name: ${name}`))
    return apply(file, settings, ...more)
  }
  t.match(await on('Informații'), [/name/, /in force/])
  t.match(await on('Informații pentru toți'), [/name/, /in force/], 'the file goes on from its own version')
  const meanwhile = await changeConfiguration(city.db, (document) => ({
    ...document,
    numbers: document.numbers.map((number) => ({ ...number, name: 'Linia orașului' })),
  }))
  const refused = new RegExp(`does not know of version ${meanwhile}.*--over ${meanwhile}`)
  t.match(await plan(file), [/numbers\.969\.name/, refused])
  await t.rejects(on('Informații generale'), { message: refused })
  t.equal((await newestConfiguration(city.db)).id, meanwhile)
  await t.rejects(on('Informații generale', '--over', String(meanwhile - 1)), { message: refused })
  await t.rejects(on('Informații generale', '--over', 'all'), { message: /over which version/ })
  t.match(await on('Informații generale', '--over', String(meanwhile)), [/general/, /969/, /in force/])
  const unknown = fileWith(
    readFileSync(file, 'utf8')
      .replace(/^basedOn.*$/m, '')
      .replace('Linia', 'Numărul'),
  )
  await t.rejects(apply(unknown), { message: /does not know of version/ })
})

await t.test('a file with faults is refused as a whole, each fault with its place', async (t) => {
  const { id } = await newestConfiguration(city.db)
  const good = await exported()
  for (const [text, why] of [
    ['numbers: [', /is not YAML/],
    ['- 969', /is no configuration/],
    ['&a [*a, *a]', /is no(t YAML| configuration)/],
    [good.replace('levelMin: 2', 'levelMin: 9'), /queues\.\d\.levelMin/],
    [`${good}menu: main\n`, /is no configuration/],
    [good.replace('queue: general', 'queue: acte'), /numbers\[0\]\.queue \(acte\): there is no such queue/],
    [good.replace('name: Taxe și impozite', 'name: Informații generale'), /another one has this name/],
  ] as const)
    await t.rejects(apply(fileWith(text)), { message: why }, String(why))
  t.equal((await newestConfiguration(city.db)).id, id)
})

await t.test('a caller’s way is tried, in force and of a file', async (t) => {
  const tried = (...args: string[]) => linesOf((tell) => tryConfiguration(settings, args, tell))
  const friday = ['--number', '969', '--at', '2026-12-04 21:58']
  const end =
    'Waits until Friday, 4 December 2026 at 22:30 at most (closing time and the minutes after it). If nobody has answered by then: „Ne cerem scuze, toți operatorii sunt încă ocupați. Vă rugăm să ne sunați din nou.” The call ends.'
  const [open, greeting, waits, ...more] = await tried(...friday)
  t.equal(open, 'Open until Friday, 4 December 2026 at 22:00.')
  t.match(greeting, /^Greeting: „Bună ziua!/)
  t.match(waits, /^Waits for a person in the queue "Informații[^"]*" \(general\)\.$/)
  t.same(more, [end])
  const menus = `menus:
  - id: alegere
    name: Alegere
    says: { ro: "Pentru taxe, apăsați 1." }
    keys: { "1": { queue: taxe } }
    repeats: 1
`
  const file = fileWith((await exported()).replace(/^ {4}queue: general$/m, '$&\n    menu: alegere') + menus)
  t.same((await tried(...friday, '--keys', '7-', file)).slice(2), [
    'Menu "Alegere" (ro): „Pentru taxe, apăsați 1.”',
    'Key 7.',
    'A short tone for a wrong key. Menu "Alegere" (ro): „Pentru taxe, apăsați 1.”',
    'No key.',
    waits,
    end,
  ])
  t.match((await tried(...friday, '--keys=1', file)).at(-2), /\(taxe\)\.$/)
  const says = 'says: { greeting: { ro: "Bun venit la Taxe." }, closed: { ro: "Casieria Taxe e închisă." } }'
  const own = fileWith((await exported()).replace(/^ {4}queue: general$/m, `$&\n    ${says}`))
  t.equal((await tried(...friday, own))[1], 'Greeting: „Bun venit la Taxe.”')
  t.match(await tried('--number', '969', '--at', '2026-12-01 12:00', own), [
    /Heard: „Casieria Taxe e închisă\. Vă așteptăm mâine, miercuri, la ora opt\./,
  ])
  t.match(await plan(own), [/^\+ numbers\.969\.says: .*Bun venit la Taxe/])
  const silent = fileWith(
    (await exported()).replace(/^ {4}queue: general$/m, '$&\n    says: { closed: { ro: "!" } }'),
  )
  await t.rejects(apply(silent), { message: /numbers\[0\]\.says\.closed\.ro \(!\): it has no letter/ })
  const texts = 'texts: [{ ro: Plata se face și pe site. }]'
  const announce = `announce: { position: false, estimate: false, firstAfterSeconds: 20, everySeconds: 60, ${texts} }`
  const announcing = fileWith((await exported()).replace(/^ {4}skill: general$/m, `$&\n    ${announce}`))
  t.equal(
    (await tried(...friday, announcing)).at(-2),
    'While waiting, in turn (the first announcement after 20 seconds, then every 60; ro): „Plata se face și pe site.”',
  )
  const overflow = 'overflow: { to: taxe, afterSeconds: 300, whenNobodySignedIn: true }'
  const overflowing = fileWith((await exported()).replace(/^ {4}skill: general$/m, `$&\n    ${overflow}`))
  t.match(
    (await tried(...friday, overflowing)).at(-2),
    /^With no agent signed in, or after 300 seconds: goes on to the queue "Taxe și impozite" \(taxe\)\.$/,
  )
  for (const [way, said] of [
    [
      'voicemail',
      /^After 300 seconds: may leave a message in the queue "Informații generale": „În acest moment/,
    ],
    ['callback', /^After 300 seconds: is asked whether to be called back, .*: „Dacă preferați/],
  ] as const) {
    const leading = `overflow: { ${way}: true, afterSeconds: 300 }`
    const led = fileWith((await exported()).replace(/^ {4}skill: general$/m, `$&\n    ${leading}`))
    // After the message the caller waits no more.
    t.match((await tried(...friday, led)).at(way === 'voicemail' ? -1 : -2), said)
  }
  t.same(await tried(...friday, '--blocked', file), ['Blocked: the busy tone.'])
  t.match(await tried('--number', '969', '--at', '2026-12-01 12:00'), [
    /^Closed, opens Wednesday, 2 December 2026 at 08:00\. Heard: „.*închiși\. Vă așteptăm mâine, miercuri, la ora opt\..*” The call ends\.$/,
  ])
  t.same(await tried('--number', '112', '--at', '2026-12-04T21:58'), ['112 is no number of the city.'])
  const refused = { message: /Say which number, and when/ }
  await t.rejects(tried('--number', '969'), refused)
  await t.rejects(tried(...friday, 'a', 'b'), refused)
  await t.rejects(tried(...friday, '--hours'), refused)
  await t.rejects(tried(...friday, '--keys', '2x'), { message: /"x" is no key/ })
  for (const at of ['vineri', '2026-11-31 12:00', '2026-12-04 24:00'])
    await t.rejects(tried('--number', '969', '--at', at), { message: /is no time/ })
})

await t.test('without a file, or without a reason', async (t) => {
  await t.rejects(plan(join(dir, 'none.yaml')), { message: /There is no/ })
  await t.rejects(planConfiguration(settings, []), { message: /Say which file/ })
  await t.rejects(applyConfiguration(settings, ['x.yaml']), { message: /Say what, and why/ })
  await t.rejects(exportConfiguration(settings, ['a', 'b']), { message: /Say one file/ })
  const file = fileWith('')
  await t.rejects(exportConfiguration(settings, [file]), { message: /is there already/ })
  t.match(await linesOf((tell) => exportConfiguration(settings, [], tell)), [/^# The configuration/])
})

await t.test('codes are planned and applied, and each of their faults is told', async (t) => {
  const before = await exported()
  const withCodes = (under: string) =>
    fileWith(`${before}codes:
  - { id: taxe, name: Impozite, queues: [general] }
  - { id: cladiri, name: Clădiri, under: ${under} }
`)
  await t.rejects(apply(withCodes('gone')), { message: /codes\[1\]\.under \(gone\): there is no such code/ })
  await t.rejects(apply(withCodes('cladiri')), { message: /codes\[1\]\.under .*at most three levels/ })
  t.match(await apply(withCodes('taxe')), [/^\+ codes: .*"cladiri"/, /in force/])
  const renamed = fileWith((await exported()).replace('Clădiri', 'Clădiri și terenuri'))
  t.same(await plan(renamed), ['~ codes.cladiri.name: Clădiri → Clădiri și terenuri'])
})

await t.test('a code that is moved is published, and stays where it is', async (t) => {
  const papers = '  - id: acte\n    name: Acte\n'
  await apply(fileWith((await exported()).replace('\ncodes:\n', `\ncodes:\n${papers}`)))
  const last = fileWith((await exported()).replace(papers, '').replace(/^hours:/m, `${papers}hours:`))
  t.same(await plan(last), ['~ codes: ["acte","taxe"] → ["taxe","acte"]'])
  t.match(await apply(last), [/^~ codes: /, /^Version \d+ is in force\.$/])
  const { document } = await newestConfiguration(city.db)
  t.same(
    document.codes?.map(({ id }) => id),
    ['taxe', 'cladiri', 'acte'],
  )
})

await t.test('a plan says how many callers wait in a queue that it removes', async (t) => {
  const third = added.replaceAll('taxe', 'urbanism').replace('Taxe și impozite', 'Urbanism').trimEnd()
  const two = fileWith((await exported(otherSettings)).replace('queues:', `queues:${third}`))
  await apply(two, otherSettings)
  const one = (await exported(otherSettings)).replace(/ {2}- id: urbanism\n( {4}.*\n)+/, '')
  const says = (line: string): boolean => line.startsWith('! queues.urbanism: ')
  t.notOk((await plan(fileWith(one), otherSettings)).some(says), 'of a line that does not run nothing')

  const server = createServer((_request, response) => {
    response.end('linia_waiting_callers{queue="urbanism"} 3\nlinia_waiting_callers{queue="general"} 1\n')
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close())
  const { port } = server.address() as AddressInfo
  const varDir = otherSettings.paths.var
  t.equal(await takeLock(varDir, { url: `http://127.0.0.1:${port}`, ledger: 'given' }), null)
  t.teardown(() => releaseLock(varDir))
  const told = (await plan(fileWith(one), otherSettings)).filter(says)
  t.match(told, [/callers who wait in it now: 3; they go to Informații generale$/])
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  t.match((await plan(fileWith(one), otherSettings)).filter(says), [/is not known/])
})

await t.test('a plan warns of hours by which nothing opens', async (t) => {
  const date = (index: number): string => daysLater(dateAt(Date.now()), index - 1)
  const dates = Array.from({ length: 62 }, (_, index) => `      - { date: ${date(index)}, hours: closed }`)
  const never = [
    '  - id: avarie',
    '    name: Avarie',
    '    weekly: always',
    '    holidays: open',
    '    dates:',
    ...dates,
  ]
  const file = fileWith(`${(await exported()).replace(/^hours: .*$/m, '')}\nhours:\n${never.join('\n')}\n`)
  const warned = '! hours.avarie: nothing opens within 60 days'
  t.ok((await plan(file)).includes(warned))
  await apply(file)
  const renamed = (await exported()).replace('name: Avarie', 'name: Avarii')
  t.same(await plan(fileWith(renamed)), ['~ hours.avarie.name: Avarie → Avarii'], 'it was so before')
})

await t.test('a plan warns of a menu that the settings of the server let nobody hear', async (t) => {
  const mine = await testDatabase(t)
  const of = readSettings({ DATABASE_URL: mine.appUrl, VAR_DIR: dir, ANSWER: 'agent' })
  const menus = `menus:
  - { id: alegere, name: Alegere, says: { ro: Apăsați unu. }, keys: { "1": { queue: general } }, repeats: 1 }
`
  const having = async (more: string) =>
    fileWith((await exported(of)).replace(/^ {4}queue: general$/m, `$&\n    menu: alegere${more}`) + menus)
  const warned = /^! numbers\.969: nobody hears its menu alegere: .*write `answer: queue`/
  const [silent, heard] = [await having(''), await having('\n    answer: queue')]
  t.match(await plan(silent, of), [/numbers\.969\.menu/, /menus/, warned])
  t.notOk((await plan(heard, of)).some((line) => warned.test(line)))
  const own = await having('\n    answer: agent')
  await t.rejects(plan(own, of), { message: /numbers\[0\]\.menu \(alegere\): with `answer: agent`/ })
  const friday = ['--number', '969', '--at', '2026-12-04 12:00']
  const tried = await linesOf((tell) => tryConfiguration(of, [...friday, silent], tell))
  t.match(tried[1], /no key gets through\. The menu "Alegere" is not heard\.$/)
  t.match(await apply(silent, of), [/numbers\.969\.menu/, /menus/, warned, /in force/], 'nothing is refused')
  const renamed = fileWith((await exported(of)).replace('name: Alegere', 'name: Întâmpinare'))
  t.same(await plan(renamed, of), ['~ menus.alegere.name: Alegere → Întâmpinare'], 'it was so before')
})

await t.test('a caller’s way has the notice of the queue and the hour', async (t) => {
  const mine = await testDatabase(t)
  const of = readSettings({ DATABASE_URL: mine.appUrl, VAR_DIR: dir, LINE_HOURS: 'always' })
  const person = { username: 'super', name: 'Sorin', employer: 'Primăria', password: 'o parolă lungă' }
  const supervisor = await addAccount(mine.db, { ...person, roles: ['supervisor'] }, quickHash)
  if (!supervisor.ok) throw new Error(supervisor.why)
  const until = Date.now() + 3 * 86_400_000
  const notice = { text: 'Nu este apă.', queues: [], from: null, daily: null, by: supervisor.account.id }
  await addCallerNotice(mine.db, { ...notice, until })
  const on = async (days: number) => {
    const at = `${daysLater(dateAt(Date.now()), days)} 12:00`
    return (await linesOf((tell) => tryConfiguration(of, ['--number', '969', '--at', at], tell)))[3]
  }
  t.equal(await on(1), 'Notice to callers: „Nu este apă.”')
  t.match(await on(5), /^Waits until /, 'it is over by then')
})

await t.test('reasons for pauses go to and fro, and a plan has their order', async (t) => {
  const before = await exported()
  const withPauses = (first: string, second: string) =>
    fileWith(`${before}pauses:
  - { id: ${first}, name: ${first}, expectedMinutes: 30 }
  - { id: ${second}, name: ${second} }
`)
  await t.rejects(apply(withPauses('masa', 'missed')), {
    message: /pauses\[1\]\.id \(missed\): the system sets this reason itself/,
  })
  t.match(await apply(withPauses('masa', 'curs')), [/^\+ pauses: .*"expectedMinutes":30/, /in force/])
  t.same(await plan(fileWith(await exported())), ['No change: this is what is in force.'])
  const lines = await plan(withPauses('curs', 'masa'))
  t.ok(lines.includes('~ pauses: ["masa","curs"] → ["curs","masa"]'))
  const tooLong = fileWith((await exported()).replace('expectedMinutes: 30', 'expectedMinutes: 241'))
  await t.rejects(plan(tooLong), { message: /pauses\.0\.expectedMinutes must be <= 240/ })
})

await t.test('a target of a queue is planned, and its bounds are told', async (t) => {
  const before = await exported()
  const having = (percent: number, text = before) =>
    fileWith(text.replace(/(- id: general\n)/, `$1    target: { percent: ${percent}, withinSeconds: 30 }\n`))
  await t.rejects(plan(having(101)), { message: /queues\.\d\.target\.percent must be <= 100/ })
  t.match(await apply(having(90)), [/^\+ queues\.general\.target: .*"withinSeconds":30/, /in force/])
  const raised = fileWith((await exported()).replace('percent: 90', 'percent: 95'))
  t.same(await plan(raised), ['~ queues.general.target.percent: 90 → 95'])
})

await t.test('a call to a citizen is tried, in force and of a file', async (t) => {
  const mine = await testDatabase(t)
  const of = readSettings({ DATABASE_URL: mine.appUrl, VAR_DIR: dir, OUTBOUND_ALLOW: '+402,+407,+373' })
  const tried = (...args: string[]) => linesOf((tell) => tryCall(of, args, tell))
  t.same(await tried('0722 000 111'), ['Allowed by +407: +40722000111, dialled as 0722000111.'])
  const rules =
    'outbound: { allowed: ["+4031"], agents: returns, supervisors: any, perHour: 0, perHourAll: 50 }\n'
  const file = fileWith((await exported(of)) + rules)
  t.same(await tried('0722 000 111', file), ['Refused: the rule agents is returns, and the number is typed.'])
  t.same(await tried('0722 000 111', '--supervisor', file), [
    'Refused: no number of allowed or allowedToSupervisors is, or begins, this one.',
  ])
  t.same(await tried('031 234 5678', '--returning', file), ['Refused: the rule perHour is 0.'])
  const more = fileWith((await exported(of)) + rules.replace('perHour: 0', 'perHour: 1'))
  t.same(await tried('031 234 5678', more), [
    'Refused: the rule agents is returns, and the number is typed. A supervisor may call it.',
  ])
  for (const [number, why] of [
    ['ghișeu', 'this is no telephone number'],
    ['112', '112 is never called from a desk'],
    ['0256969', 'this is a number of the city'],
    ['0900123456', 'premium numbers (090x) are never called'],
  ] as const)
    t.same(await tried(number), [`Refused: ${why}.`])
  t.match(await tried('+12125550100'), [/^Refused: this is a number abroad/])
  for (const args of [[], ['1', '2', '3'], ['1', '--loud']])
    await t.rejects(tried(...args), { message: /^Say which number: linia config try-call/ })
})
