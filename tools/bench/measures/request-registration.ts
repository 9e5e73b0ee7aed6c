/**
 * Time to register a request over HTTP: by one desk, one after the other; and by ten desks at once without a pause,
 * which contend for the register's counter (numbers are assigned one at a time).
 */
import { randomBytes } from 'node:crypto'
import { Api } from '../../demo/api.ts'
import type { DemoAccount } from '../../demo/demo-file.ts'
import type { Row } from '../report/figures.ts'

const desks = 10
/** The first requests include JIT compilation and query planning. */
const warmUp = 20

export async function registrations(
  url: string,
  accounts: readonly DemoAccount[],
  count: number,
): Promise<Row[]> {
  const agents = accounts.filter(({ role }) => role === 'agent').slice(0, desks)
  const sessions = await Promise.all(
    agents.map(async (account) => {
      const api = new Api(url)
      await api.signIn(account)
      return api
    }),
  )
  await registered(sessions.slice(0, 1), warmUp)
  const alone = await registered(sessions.slice(0, 1), count)
  const together = await registered(sessions, count)
  await Promise.all(sessions.map((api) => api.signOut()))
  return [
    { name: 'a request registered', durations: alone, budget: { p99: 100 } },
    { name: `the same, ${desks} desks at once without a pause`, durations: together, budget: null },
  ]
}

/** Milliseconds of each registration. */
async function registered(sessions: readonly Api[], count: number): Promise<number[]> {
  const durations: number[] = []
  let left = count
  const desk = async (api: Api): Promise<void> => {
    while (left > 0) {
      left -= 1
      const body = registration(left)
      const beganAt = performance.now()
      await api.ask('POST', '/api/requests', body)
      durations.push(performance.now() - beganAt)
    }
  }
  await Promise.all(sessions.map(desk))
  return durations
}

function registration(n: number) {
  const address = { street: 'Strada Lucian Blaga', number: String(n), more: '', locality: 'Timișoara' }
  return {
    draft: randomBytes(16).toString('hex'),
    call: null,
    form: {
      kind: 'notice',
      category: 'street-lighting',
      person: { name: 'Ștefan Țăranu', phone: '0722000911', email: '', address },
      place: address,
      text: 'Iluminatul de pe strada Lucian Blaga nu funcționează de trei zile, de la numărul acesta până la colț.',
      fields: { pole: String(n) },
    },
  }
}
