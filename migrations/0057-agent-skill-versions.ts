/**
 * The skills of agents as versions: of each agent the newest row counts. `agent_skills`, which was a table, is a
 * view of the present values. `directory` is notified.
 */
import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table agent_skill_versions (
      id bigint generated always as identity primary key,
      account text not null references accounts,
      -- The agent's version that it changes: one alone can follow it, so that nobody changes skills that they have not seen. Null:
      -- the agent's first ones.
      based_on bigint,
      -- All skills of the agent: skill → level 1–5.
      skills jsonb not null check (
        jsonb_typeof(skills) = 'object' and
        not jsonb_path_exists(skills, '$.* ? (@.type() != "number" || @ < 1 || @ > 5)')
      ),
      -- Why, in free_texts; null: none was given.
      reason_digest bytea check (length(reason_digest) = 32),
      -- Null: the installation, the command line, the identity provider or the demo.
      by text references accounts,
      recorded_at timestamptz not null,
      unique (id, account),
      unique nulls not distinct (account, based_on),
      foreign key (based_on, account) references agent_skill_versions (id, account)
    )`.execute(db)
  await sql`create index agent_skill_versions_newest on agent_skill_versions (account, id desc)`.execute(db)
  await sql`select make_register('agent_skill_versions')`.execute(db)
  await sql`select journal_register('agent_skill_versions', 'id')`.execute(db)
  await sql`
    insert into agent_skill_versions (account, skills)
    select account, jsonb_object_agg(skill, level) from agent_skills group by account order by account`.execute(
    db,
  )
  await sql`drop table agent_skills`.execute(db)
  await sql`
    create view agent_skills as
    select newest.account, skill.key as skill, skill.value::integer as level
    from (
      select distinct on (account) account, skills from agent_skill_versions order by account, id desc
    ) newest cross join lateral jsonb_each_text(newest.skills) skill`.execute(db)
  await sql`
    do $$ begin
      execute format('grant select on agent_skills to %I', login_named('app'));
    end $$`.execute(db)
  await sql`
    create trigger b_notify after insert on agent_skill_versions
    for each statement execute function notify_directory()`.execute(db)
}
