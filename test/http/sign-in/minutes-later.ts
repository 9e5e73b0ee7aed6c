/** The wall clock of this process, and so of the server under test, is put forward while `work` runs. */
import type { Teardown } from '../../support/postgres.ts'

export async function minutesLater(t: Teardown, minutes: number, work: () => Promise<void>): Promise<void> {
  const { now } = Date
  const back = () => {
    Date.now = now
  }
  t.teardown(back)
  Date.now = () => now() + minutes * 60_000
  try {
    await work()
  } finally {
    back()
  }
}
