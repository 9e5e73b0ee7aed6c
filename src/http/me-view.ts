import type { Agent } from '../core/agent.ts'
import type { Account } from '../people/accounts.ts'
import type { Rooms } from './app.ts'
import { agentView } from './present.ts'
import type { Me } from './wire.ts'

export function meView({ deps, names }: Rooms, account: Account, agent: Agent | null): Me {
  return {
    id: account.id,
    username: account.username,
    name: account.name,
    roles: account.roles,
    employer: account.employer,
    agent: agent === null ? null : agentView(agent, names),
    demo: deps.demo !== null,
  }
}
