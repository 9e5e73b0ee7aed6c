/**
 * A reset ends the links of an account with people at the identity provider. So a person may be linked again, and the
 * rule of one account a person and one person an account holds for links that have not ended.
 */
import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table account_subject_ends (
      link bigint primary key references account_subjects,
      -- Who reset or activated the account; null: the command line.
      by text references accounts,
      recorded_at timestamptz not null
    )`.execute(db)
  await sql`select make_register('account_subject_ends')`.execute(db)
  await sql`select journal_register('account_subject_ends', 'link')`.execute(db)
  await oneOpenLink(db)
}

async function oneOpenLink(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table account_subjects
      drop constraint account_subjects_issuer_subject_key,
      drop constraint account_subjects_account_issuer_key`.execute(db)
  await sql`create index account_subjects_subject on account_subjects (issuer, subject)`.execute(db)
  await sql`create index account_subjects_account on account_subjects (account, issuer)`.execute(db)
  // The locks let the second of two links at once see the first; 969023 is the lock of the account's sessions.
  await sql`
    create function check_subject() returns trigger language plpgsql
    set search_path = pg_catalog, pg_temp as $$
    begin
      perform pg_advisory_xact_lock(969023, hashtext(new.account));
      perform pg_advisory_xact_lock(969027, hashtext(new.issuer || ' ' || new.subject));
      if exists (
        select from public.account_subjects s
        where s.issuer = new.issuer and s.subject = new.subject
          and not exists (select from public.account_subject_ends e where e.link = s.id)) then
        raise exception 'this person is linked with an account'
          using errcode = 'unique_violation', constraint = 'account_subjects_issuer_subject_key';
      end if;
      if exists (
        select from public.account_subjects s
        where s.account = new.account and s.issuer = new.issuer
          and not exists (select from public.account_subject_ends e where e.link = s.id)) then
        raise exception 'this account is linked with a person'
          using errcode = 'unique_violation', constraint = 'account_subjects_account_issuer_key';
      end if;
      return new;
    end $$`.execute(db)
  await sql`
    create trigger c_check before insert on account_subjects
    for each row execute function check_subject()`.execute(db)
}
