/** Callers in conversation with an agent, and the steps of an identity check as the desk performs them. */
import type { CallId } from '../../src/core/ids.ts'
import { writeEvents } from '../../src/ledger/calls/event-writing.ts'
import { agentAt, agentChange, Story } from './states.ts'
import { saidBy } from './taxes/taxpayers.ts'
import type { Answer, Person, Served } from './serve.ts'
import type { TaxAccount } from '../../src/city/taxes/account.ts'

type Agent = Extract<Person, 'agent01' | 'agent02'>
const at = Date.now()
let calls = 0

export interface OnTheLine {
  readonly call: CallId
  /** The agent's session cookie. */
  readonly as: string
  hangsUp(): void
  /** Transfers the call to the other agent. */
  goesTo(agent: Agent): void
  /** The agent asks the other one, who sits there from now on; null: who has left. */
  asks(other: Agent, seat: 'ringing' | 'side' | 'music' | 'room' | null): void
  /** The agent hands the call on and wraps up; the caller waits. */
  waits(): void
}

/** A call in conversation that the ledger has, too. */
export async function startConversation(
  served: Served,
  agent: Agent,
  { number = '+40256123456', as }: { readonly number?: string | null; readonly as?: string } = {},
): Promise<OnTheLine> {
  calls += 1
  const story = new Story(`pbx1-${process.pid}.${calls}`, at, number)
  const { line, people, db } = served
  await writeEvents(db, [story.arrives()])
  const talk = (who: Agent) => {
    const { id } = people[who]
    line.emit(story.talks(id, at), agentChange(agentAt(id, at, { state: 'talking', call: story.id })))
    return id
  }
  // An agent is paused after signing in.
  const session = as ?? (await served.signIn(agent))
  let holder = talk(agent)
  return {
    call: story.id,
    as: session,
    hangsUp() {
      line.emit(
        story.ends(at + 60_000, 'answered', holder),
        agentChange(agentAt(holder, at, { state: 'wrap-up', call: story.id, until: at + 10_000 })),
      )
    },
    goesTo(other) {
      line.emit(agentChange(agentAt(holder, at, { state: 'paused', reason: 'technical' })))
      holder = talk(other)
    },
    asks(other, seat) {
      const { id } = people[other]
      const state = seat === 'ringing' ? 'offered' : 'talking'
      line.emit(
        story.asks(holder, id, seat, at + 20_000),
        agentChange(
          seat === null
            ? agentAt(id, at, { state: 'paused', reason: 'technical' })
            : agentAt(id, at, { state, call: story.id }),
        ),
      )
    },
    waits() {
      line.emit(
        story.waits(at + 30_000),
        agentChange(agentAt(holder, at, { state: 'wrap-up', call: story.id, until: at + 90_000 })),
      )
    },
  }
}

export const search = (served: Served, as: string, body: object): Promise<Answer> =>
  served.ask('POST', '/api/identity/searches', { as, body })

export const questions = (served: Served, as: string, handle: string): Promise<Answer> =>
  served.ask('POST', '/api/identity/checks', { as, body: { handle } })

export const answers = (
  served: Served,
  as: string,
  check: number,
  said: readonly { readonly question: string; readonly said: string }[],
): Promise<Answer> =>
  served.ask('POST', `/api/identity/checks/${check}/answers`, { as, body: { answers: said } })

export interface Asked {
  readonly check: number
  readonly questions: readonly { readonly id: string; readonly topic: string }[]
}

/** Requests questions and answers them, all correctly or one of them wrongly. */
export async function answered(
  served: Served,
  as: string,
  handle: string,
  account: TaxAccount,
  how: 'right' | 'wrong',
): Promise<Answer> {
  const asked = await questions(served, as, handle)
  if (asked.json['state'] !== 'asking') return asked
  const { check, questions: drawn } = asked.json as unknown as Asked
  return answers(served, as, check, saidTo(drawn, account, how))
}

export function saidTo(drawn: Asked['questions'], account: TaxAccount, how: 'right' | 'wrong') {
  return drawn.map(({ id }, at) => ({
    question: id,
    said: how === 'wrong' && at === 1 ? 'nu mai știu' : saidBy(account, id),
  }))
}
