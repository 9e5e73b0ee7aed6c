/** Names for the API types that the desk uses. */
export type { AgentView } from '../../http/agents/wire.ts'
export type { CallOut } from '../../http/outbound/wire.ts'
export type { CallAction } from '../../http/session/wire.ts'
