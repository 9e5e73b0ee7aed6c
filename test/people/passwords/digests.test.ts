/** Who waits for whose password, and what a flood of them takes from the server. */
import { readdirSync } from 'node:fs'
import t from 'tap'
import { niceness, PasswordDigests, TooManyDigests } from '../../../src/people/passwords/digests.ts'
import { stateOf } from '../../../src/stack/privileges/process-state.ts'

/** A small one. */
const parameters = {
  message: 'parolă',
  nonce: Buffer.alloc(16),
  parallelism: 1,
  tagLength: 32,
  memory: 64,
  passes: 1,
}

t.test('a known one goes before all strangers, of whom a bounded number waits', async (t) => {
  const digests = new PasswordDigests()
  const done: string[] = []
  let refused = 0
  const stranger = (which: number) =>
    digests.derive(parameters, 'later').then(
      () => done.push(`stranger ${which}`),
      (error: unknown) => {
        if (!(error instanceof TooManyDigests)) throw error
        refused += 1
      },
    )
  // The first one is under way at once, and waits no longer.
  const strangers = Array.from({ length: 303 }, (_, which) => stranger(which))
  const known = ['ana', 'ion'].map((name) => digests.derive(parameters, 'first').then(() => done.push(name)))
  await Promise.all([...strangers, ...known])
  t.strictSame(done.slice(0, 4), ['stranger 0', 'ana', 'ion', 'stranger 1'])
  t.strictSame([done.length, refused], [303, 2])
  t.strictSame(await digests.derive(parameters, 'later'), await digests.derive(parameters, 'first'))
})

t.test('their thread gives way to all others of the process', async (t) => {
  const digests = new PasswordDigests()
  await digests.derive(parameters, 'first')
  const nice = readdirSync('/proc/self/task').map((thread) =>
    Number(stateOf(process.pid, Number(thread))?.[16]),
  )
  const own = Number(stateOf(process.pid)?.[16])
  t.ok(nice.includes(Math.max(own, niceness)))
  t.ok(nice.filter((one) => one > own).length <= 2, 'one, and that of the test before')
})

t.test('one that cannot be derived is an error of its own alone', async (t) => {
  const digests = new PasswordDigests()
  const wrong = digests.derive({ ...parameters, memory: 1 }, 'first')
  const next = digests.derive(parameters, 'later')
  await t.rejects(wrong)
  t.equal((await next).length, 32)
})
