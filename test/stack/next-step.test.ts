/** A start without any account names the way to the first administrator (`make run`: commands.test.ts); later ones do not. */
import t from 'tap'
import { addAccount } from '../../src/people/accounts.ts'
import { nextStep } from '../../src/stack/next-step.ts'
import { quickHash } from '../support/passwords.ts'
import { testDatabase } from '../support/postgres.ts'

t.test('where there is any account nothing is printed', async (t) => {
  const { db, appUrl } = await testDatabase(t)
  t.match((await nextStep(appUrl)).join('\n'), 'linia user add <username> "<name>" administrator')
  const person = {
    username: 'dan',
    name: 'Dan Țepeș',
    roles: ['administrator' as const],
    employer: 'Primăria',
  }
  t.ok((await addAccount(db, { ...person, password: 'o parolă lungă' }, quickHash)).ok)
  t.same(await nextStep(appUrl), [])
})
