/** What `linia doctor` finds about the files of numbers: there, of the configuration in force, and loaded by Asterisk. */
import { readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pino } from 'pino'
import t from 'tap'
import { callableFile } from '../../src/asterisk/config/callable-file.ts'
import { noContacts } from '../../src/asterisk/config/contacts-file.ts'
import { loadedExtensions } from '../../src/asterisk/loaded-extensions.ts'
import { filesIn, wrongInFiles } from '../../src/stack/commands/asterisk-files.ts'
import { freePort } from '../../src/stack/services/ports.ts'
import { setScene } from '../support/pbx/pbx-scene.ts'

const log = pino({ level: 'silent' })
const contexts = ['linia-contacts', 'linia-callable']

await t.test('numbers that Asterisk has not loaded, and files of another version, are named', async (t) => {
  const { asterisk, pbx } = await setScene(t, ['ana'])
  const { ami, secrets, callable = [] } = asterisk.options
  const etc = join(asterisk.options.dir, 'etc')
  const login = { ...ami, user: secrets.amiUser, password: secrets.amiPassword, log }
  const inForce = { 'contacts.conf': noContacts, 'callable.conf': callableFile(callable) }
  const wrong = async (expected = inForce) =>
    wrongInFiles(etc, (await filesIn(etc)) ?? [], expected, await loadedExtensions(login, contexts))
  const loaded = await loadedExtensions({ ...login }, [...contexts, 'linia-elsewhere'])
  t.ok(loaded?.get('linia-callable')?.has('_02XXXXXXXX'))
  t.equal(loaded?.get('linia-elsewhere'), null)
  await pbx.applyNumbers([])
  t.same(await wrong(), [])

  const later = { ...inForce, 'callable.conf': callableFile(['0219']) }
  t.match(await wrong(later), [/callable\.conf is not of the configuration in force/])
  const path = join(etc, 'callable.conf')
  const before = await readFile(path, 'utf8')
  await writeFile(path, later['callable.conf'])
  t.match(await wrong(later), [/context linia-callable is not the one of .*callable\.conf/])
  await writeFile(path, before)

  const mark = join(etc, 'phones.conf.unread')
  await writeFile(mark, '')
  t.same(await wrong(), [], 'a change on its way is none')
  const longAgo = new Date(Date.now() - 120_000)
  await utimes(mark, longAgo, longAgo)
  t.match(await wrong(), [/phones\.conf has changed, and Asterisk has not loaded it for 1\d\d s/])
  await rm(mark)
  await rm(join(etc, 'contacts.conf'))
  t.match(await wrong(), [/contacts\.conf is missing.*ASTERISK_ETC/])
  t.equal(await loadedExtensions({ ...login, port: await freePort('127.0.0.1') }, contexts), null)
  t.match(wrongInFiles(etc, (await filesIn(etc)) ?? [], inForce, null), [
    /contacts\.conf is missing/,
    /did not say which numbers/,
  ])
})
