import t from 'tap'
import { readSettings } from '../../../src/config.ts'
import { addContactOf, closeContactOf, listContacts } from '../../../src/stack/commands/contact.ts'
import { UserError } from '../../../src/stack/terminal.ts'
import { changeConfiguration } from '../../support/configuration.ts'
import { testDatabase } from '../../support/postgres.ts'

const { appUrl, db } = await testDatabase(t)
const settings = readSettings({ DATABASE_URL: appUrl, VAR_DIR: t.testdir() })

async function linesOf(
  command: (print: (line: string) => void) => Promise<number>,
): Promise<readonly string[]> {
  const lines: string[] = []
  await command((line) => lines.push(line))
  return lines
}
const add = (...args: string[]) => linesOf((print) => addContactOf(settings, args, print))
const close = (...args: string[]) => linesOf((print) => closeContactOf(settings, args, print))
const list = () => linesOf((print) => listContacts(settings, print))

void t.test('contacts are added, listed, changed and closed', async (t) => {
  t.match(await list(), [/no contacts/])
  t.match(await add('stare-civila', 'Stare civilă', '410'), ['Agents can send callers to Stare civilă.'])
  t.match(await add('interpret', 'Interpret', '0256 408 450', '--interpreter', 'HU'), [/Interpret/])
  t.match(await list(), [/^interpret +Interpret +\+40256408450 +interpreter: hu$/, /^stare-civila .* 410$/])
  t.match(await add('stare-civila', 'Starea civilă', '411'), ['Starea civilă is changed.'])
  t.match(await close('stare-civila'), ['No caller is sent to Starea civilă any more.'])
  t.equal((await list()).length, 1)
})

void t.test('whatever cannot be a contact is refused with a sentence', async (t) => {
  for (const [number, why] of [
    ['112', /112/],
    ['969', /contact centre itself/],
    ['0900123456', /costs more/],
    ['+3612345678', /OUTBOUND_ALLOW/],
    ['ghișeu', /not a telephone number/],
  ] as const)
    await t.rejects(add('ghiseu', 'Ghișeu', number), { message: why }, number)
  const own = { number: '0256408301', also: [], name: 'Taxe', queue: 'general' }
  await changeConfiguration(db, (document) => ({ ...document, numbers: [...document.numbers, own] }))
  await t.rejects(add('ghiseu', 'Ghișeu', '+40256408301'), { message: /contact centre itself/ })
  await t.rejects(add('Ghișeu', 'Ghișeu', '410'), { message: /An id has/ })
  await t.rejects(add('ghiseu', 'interpret', '410'), { message: /Another contact/ })
  await t.rejects(add('ghiseu', 'Ghișeu', '410', '--interpreter'), { message: /which language/ })
  await t.rejects(add('ghiseu', 'Ghișeu', '410', '--interpreter', 'xx9'), { message: /two letters/ })
  await t.rejects(add('ghiseu', 'Ghișeu'), { message: /Say whom/ })
  await t.rejects(add('ghiseu', 'Ghișeu', '410', '411'), UserError)
  await t.rejects(close('ghiseu'), { message: /no open contact/ })
  await t.rejects(close(), UserError)
})
