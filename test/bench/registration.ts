/**
 * How long an agent waits for a number: requests registered over HTTP by ten desks at once, each as fast as it
 * can. They queue for one counter (a number is given to one after the other), so that this is the worst case.
 */
import { randomBytes } from 'node:crypto'
import { Api } from '../../src/stack/demo/api.ts'
import type { DemoAccount } from '../../src/stack/demo/demo-file.ts'

const desks = 10

/** Milliseconds of each registration. */
export async function registrations(
  url: string,
  accounts: readonly DemoAccount[],
  count: number,
): Promise<number[]> {
  const agents = accounts.filter(({ role }) => role === 'agent').slice(0, desks)
  const sessions = await Promise.all(
    agents.map(async (account) => {
      const api = new Api(url)
      await api.signIn(account)
      return api
    }),
  )
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
  await Promise.all(sessions.map((api) => api.signOut()))
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
