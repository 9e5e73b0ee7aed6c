/** The tables of second factors, passkeys and the identity provider. */
import type { ColumnType, GeneratedAlways, RawBuilder } from 'kysely'
import type { AgentId } from '../../core/ids.ts'
import type { Fixed, RecordedAt } from '../columns.ts'

export interface SignInTables {
  account_factors: {
    readonly id: GeneratedAlways<number>
    readonly account: Fixed<AgentId>
    readonly kind: Fixed<'passkey' | 'totp'>
    readonly name: Fixed<string>
    readonly credential: Maybe<string>
    readonly rp: Maybe<string>
    readonly public_key: Maybe<Buffer>
    readonly transports: Maybe<string[]>
    readonly sealed: Maybe<Buffer>
    readonly recorded_at: RecordedAt
  }
  account_factor_ends: {
    readonly factor: Fixed<number>
    readonly by: Fixed<AgentId | null>
    readonly recorded_at: RecordedAt
  }
  factor_uses: {
    readonly factor: Fixed<number>
    readonly step: ColumnType<number, number, number>
    readonly used_at: Changing
  }
  code_tries: {
    readonly account: Fixed<AgentId>
    readonly tries: ColumnType<number, number, number>
    readonly last_at: Changing
  }
  spent_challenges: { readonly digest: Fixed<Buffer>; readonly spent_at: Changing }
  recovery_codes: {
    readonly id: GeneratedAlways<number>
    readonly account: Fixed<AgentId>
    readonly code_set: Fixed<string>
    readonly digest: Fixed<Buffer>
    readonly recorded_at: RecordedAt
  }
  recovery_code_uses: {
    readonly code: Fixed<number>
    /** A reset made the code void; null: somebody used it. */
    readonly void: ColumnType<true | null, true | null | undefined, never>
    readonly recorded_at: RecordedAt
  }
  account_subjects: {
    readonly id: GeneratedAlways<number>
    readonly account: Fixed<AgentId>
    readonly issuer: Fixed<string>
    readonly subject: Fixed<string>
    readonly recorded_at: RecordedAt
  }
  account_subject_ends: {
    readonly link: Fixed<number>
    readonly by: Fixed<AgentId | null>
    readonly recorded_at: RecordedAt
  }
  provider_sessions: {
    readonly token_digest: Fixed<Buffer>
    readonly issuer: Fixed<string>
    readonly subject: Fixed<string>
    readonly sid: Fixed<string | null>
    readonly sealed: ColumnType<Buffer, Buffer, Buffer>
    readonly asked_at: Changing
    readonly confirmed_at: Changing
    readonly opened_at: Changing
  }
}

/** Set by the database's clock. */
type Changing = ColumnType<number, never, RawBuilder<unknown>>
/** Left out of rows of the other kind. */
type Maybe<T> = ColumnType<T | null, T | undefined, never>
