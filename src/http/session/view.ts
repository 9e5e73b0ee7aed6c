/** The signed-in account as the wire has it. */
import type { Agent } from '../../core/agent.ts'
import type { Account } from '../../people/accounts.ts'
import { lacksSecondFactor } from '../../people/sign-in/second-factor.ts'
import type { SignInMethod } from '../../people/sign-in-method.ts'
import { queuesWithAgents } from '../live/queue-agents.ts'
import type { RouteContext } from '../route-context.ts'
import { agentView } from '../agents/view.ts'
import type { Me } from './wire.ts'

export function meView(
  { deps, names }: RouteContext,
  account: Account,
  agent: Agent | null,
  method: SignInMethod | null,
): Me {
  return {
    id: account.id,
    username: account.username,
    name: account.name,
    roles: account.roles,
    employer: account.employer,
    agent: agent === null ? null : agentView(agent, names),
    servesQueue: queuesWithAgents(deps.directory).some(({ agents }) => agents.includes(account.id)),
    demo: deps.demo,
    mustEnrol: lacksSecondFactor(account.roles, method, deps.settings.signIn.secondFactor),
    throughProvider: method === 'oidc',
    holdReminderMs: deps.settings.holdReminderMs,
  }
}
