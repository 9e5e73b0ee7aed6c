/** Requests as the desk registers them. */
import { randomBytes } from 'node:crypto'
import { categoryOf } from '../../../src/city/requests/categories.ts'
import { noAddress, type Person, type RequestForm } from '../../../src/city/requests/form.ts'
import type { RequestId } from '../../../src/city/requests/number.ts'
import { workingDays } from '../../../src/city/requests/working-days.ts'
import type { AgentId, CallId } from '../../../src/core/ids.ts'
import type { Database } from '../../../src/ledger/database.ts'
import { register, type Registered, type Registration } from '../../../src/ledger/requests/register.ts'

export const someone: Person = {
  name: 'Ștefan Țăranu-D’Alba',
  phone: '+40722000911',
  email: 'stefan@exemplu.ro',
  address: { ...noAddress, street: 'Strada Lucian Blaga', number: '5', locality: 'Timișoara' },
}

export function lampForm(change: Partial<RequestForm> = {}): RequestForm {
  return {
    kind: 'notice',
    category: 'street-lighting',
    person: someone,
    place: { ...noAddress, street: 'Strada Lucian Blaga', number: '7' },
    text: 'Iluminatul de pe strada Lucian Blaga nu funcționează de trei zile.',
    fields: { pole: '14' },
    ...change,
  }
}

export const randomDraft = (): string => randomBytes(16).toString('hex')

export interface Wanted {
  readonly agent: AgentId
  readonly call?: CallId
  readonly draft?: string
  readonly form?: RequestForm
  readonly about?: Registration['about']
}

export async function registered(db: Database, wanted: Wanted): Promise<Registered> {
  const { agent, call = null, draft = randomDraft(), form = lampForm(), about = null } = wanted
  const category = categoryOf(form.category)
  if (category === null) throw new Error(`no category ${form.category}`)
  const { regime, department, targetDays } = category
  const beginning = { regime, department, targetDays, toHead: about !== null }
  const answer = await register(
    db,
    { draft, form, beginning, about, joinTo: null, agent, call, prefix: 'CC' },
    workingDays([]),
  )
  if (answer === null) throw new Error('the draft is somebody else’s')
  return answer
}

export async function someRequest(db: Database, wanted: Wanted): Promise<RequestId> {
  return (await registered(db, wanted)).id
}
