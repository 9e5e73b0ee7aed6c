/** The tables of accounts, employers and sessions. */
import type { ColumnType, Generated, GeneratedAlways } from 'kysely'
import type { AgentId } from '../../core/ids.ts'
import type { Role } from '../../people/roles.ts'
import type { SignInMethod } from '../../people/sign-in-method.ts'
import type { Fixed, MaybeTime, RecordedAt, Time } from '../columns.ts'

export interface AccountTables {
  accounts: {
    readonly id: Generated<AgentId>
    readonly username: Fixed<string>
    readonly recorded_at: RecordedAt
  }
  account_versions: {
    readonly id: GeneratedAlways<number>
    readonly account: Fixed<AgentId>
    readonly name: Fixed<string>
    readonly employer: Fixed<string>
    readonly roles: Fixed<Role[]>
    readonly closed: Fixed<boolean>
    readonly by: Fixed<AgentId | null>
    readonly confirmed_by: ColumnType<AgentId | null, AgentId | null | undefined, never>
    readonly recorded_at: RecordedAt
  }
  account_passwords: {
    readonly id: GeneratedAlways<number>
    readonly account: Fixed<AgentId>
    readonly hash: Fixed<string>
    readonly recorded_at: RecordedAt
  }
  current_accounts: {
    readonly id: Fixed<AgentId>
    readonly username: Fixed<string>
    readonly name: Fixed<string>
    readonly employer: Fixed<string>
    readonly roles: Fixed<Role[]>
    readonly closed_at: MaybeTime
  }
  employer_contracts: {
    readonly id: GeneratedAlways<number>
    readonly employer: Fixed<string>
    readonly ended: Fixed<boolean>
    readonly by: Fixed<AgentId | null>
    readonly recorded_at: RecordedAt
  }
  account_activations: {
    readonly id: GeneratedAlways<number>
    readonly account: Fixed<AgentId>
    readonly code_digest: Fixed<Buffer>
    readonly second_digest: Fixed<Buffer | null>
    readonly expires_at: Time
    readonly by: Fixed<AgentId | null>
    readonly confirmed_by: Fixed<AgentId | null>
    /** The second factors go on, and the activation asks for one; null: they end. */
    readonly keeps_factors: ColumnType<true | null, true | null | undefined, never>
    readonly recorded_at: RecordedAt
  }
  activation_events: {
    readonly id: GeneratedAlways<number>
    readonly activation: Fixed<number>
    readonly event: Fixed<'opened' | 'used'>
    readonly browser_digest: Fixed<Buffer>
    readonly recorded_at: RecordedAt
  }
  account_proposals: {
    readonly id: GeneratedAlways<number>
    readonly account: Fixed<AgentId>
    readonly roles: Fixed<Role[]>
    readonly roles_before: Fixed<Role[] | null>
    readonly code_digest: Fixed<Buffer>
    readonly by: Fixed<AgentId | null>
    readonly recorded_at: RecordedAt
  }
  account_proposal_ends: {
    readonly proposal: Fixed<number>
    readonly outcome: Fixed<'confirmed' | 'refused'>
    readonly by: Fixed<AgentId | null>
    readonly recorded_at: RecordedAt
  }
  /** A view. */
  account_access: {
    readonly account: Fixed<AgentId>
    /** The newest row of `account_passwords`. */
    readonly password: Fixed<number | null>
    readonly password_at: MaybeTime
    /** The newest activation, and what became of it. */
    readonly activation: Fixed<number | null>
    readonly issued_at: MaybeTime
    readonly expires_at: MaybeTime
    readonly issued_by: Fixed<AgentId | null>
    readonly opened_at: MaybeTime
    readonly used_at: MaybeTime
    readonly awaits_activation: Fixed<boolean>
  }
  sessions: {
    readonly token_digest: Fixed<Buffer>
    readonly account: Fixed<AgentId>
    readonly method: Fixed<SignInMethod | null>
    readonly recorded_at: RecordedAt
  }
  session_ends: { readonly token_digest: Fixed<Buffer>; readonly recorded_at: RecordedAt }
  phone_epochs: {
    readonly account: Fixed<AgentId>
    readonly web: number
    readonly desk: number
  }
  sign_ins: {
    readonly id: GeneratedAlways<number>
    readonly username_digest: Fixed<Buffer>
    /** Of the network in `sign_in_networks`. */
    readonly network_digest: Fixed<Buffer | null>
    readonly account: Fixed<AgentId | null>
    readonly outcome: Fixed<'signed in' | 'refused' | 'slowed down'>
    readonly method: Fixed<SignInMethod | null>
    readonly recorded_at: RecordedAt
  }
  sign_in_networks: {
    readonly sign_in: Fixed<number>
    readonly salt: Fixed<Buffer>
    readonly network: Fixed<string>
    readonly recorded_at: RecordedAt
  }
  sign_in_tries: {
    readonly bucket: Fixed<Buffer>
    readonly tries: Fixed<number>
    readonly last_at: Time
  }
  refused_sign_ins: {
    readonly id: GeneratedAlways<number>
    readonly day: Fixed<string>
    readonly address: Fixed<string>
    readonly account: Fixed<AgentId | null>
    readonly refused: Fixed<number>
    readonly slowed_down: Fixed<number>
    readonly last_at: Time
  }
  agent_skill_versions: {
    readonly id: GeneratedAlways<number>
    readonly account: Fixed<AgentId>
    readonly based_on: Fixed<number | null>
    /** Skill → level 1–5; all of the agent's. */
    readonly skills: Fixed<Readonly<Record<string, number>>>
    /** In `free_texts`; null: none. */
    readonly reason_digest: Fixed<Buffer | null>
    readonly by: Fixed<AgentId | null>
    readonly recorded_at: RecordedAt
  }
  /** A view of the newest versions. */
  agent_skills: { readonly account: AgentId; readonly skill: string; readonly level: number }
}
