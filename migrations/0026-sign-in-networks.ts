/**
 * The network of a sign-in gets a term: it moves from the register to a detail table, and the register keeps
 * `SHA256(salt‖network)`. Rows that exist are rewritten, before the journal's first sweep of this register (0021).
 */
import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table sign_in_networks (
      sign_in bigint primary key references sign_ins,
      salt bytea not null check (length(salt) = 16),
      network text not null,
      recorded_at timestamptz not null
    )`.execute(db)
  await sql`
    alter table sign_ins add column network_digest bytea check (length(network_digest) = 32)`.execute(db)
  await sql`
    insert into sign_in_networks
    select id, substring(sha256(convert_to(gen_random_uuid()::text || gen_random_uuid(), 'UTF8')) for 16),
           address, recorded_at
    from sign_ins`.execute(db)
  await sql`alter table sign_ins disable trigger a_change`.execute(db)
  await sql`
    update sign_ins s set network_digest = sha256(n.salt || convert_to(n.network, 'UTF8'))
    from sign_in_networks n where n.sign_in = s.id`.execute(db)
  await sql`alter table sign_ins drop column address`.execute(db)
  await sql`alter table sign_ins enable always trigger a_change`.execute(db)
  await sql`select make_detail('sign_in_networks')`.execute(db)
  await sql`
    do $$ begin
      execute format('grant insert (network_digest) on sign_ins to %I', login_named('app'));
      execute format('grant select, delete on refused_sign_ins to %I', login_named('retention'));
    end $$`.execute(db)
}
