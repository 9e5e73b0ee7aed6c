/**
 * The confidentiality agreement with its versions and signatures; employers whose contract has ended; and
 * what no change of an account may do, whoever asks for it.
 *
 * A signature names the version of the text and the version of the account whose name and employer stood in
 * it, so that what was signed can be shown again, and a change of any of them asks for a new signature.
 */
import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await agreements(db)
  await employers(db)
  await changesOfAccounts(db)
}

async function agreements(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table agreement_versions (
      version integer primary key check (version > 0),
      text text not null check (length(text) between 1 and 20000),
      -- Who published it; null: it came with the product.
      by text references accounts,
      recorded_at timestamptz not null
    )`.execute(db)
  await sql`alter table account_versions add unique (id, account)`.execute(db)
  await sql`
    create table agreement_signatures (
      id bigint generated always as identity primary key,
      account text not null references accounts,
      version integer not null references agreement_versions,
      account_version bigint not null,
      -- SHA-256 of the text as it was shown, in UTF-8.
      digest bytea not null check (length(digest) = 32),
      recorded_at timestamptz not null,
      foreign key (account_version, account) references account_versions (id, account)
    )`.execute(db)
  await sql`create index agreement_signatures_account on agreement_signatures (account, version desc)`.execute(
    db,
  )
  for (const [table, key] of [
    ['agreement_versions', 'version'],
    ['agreement_signatures', 'id'],
  ] as const) {
    await sql`select make_register(${table}::regclass)`.execute(db)
    await sql`select journal_register(${table}::regclass, ${key})`.execute(db)
  }
  await sql`insert into agreement_versions (version, text) values (1, ${firstText})`.execute(db)
  // Who stands how: `signed_at` is null until the account has signed the present text with its present
  // name and employer.
  await sql`
    create view agreement_standing as
    select a.id as account, present.version, valid.signed_at
    from current_accounts a
    cross join (select max(version) as version from agreement_versions) present
    left join lateral (
      select min(s.recorded_at) as signed_at
      from agreement_signatures s
      join account_versions v on v.id = s.account_version
      where s.account = a.id and s.version = present.version
        and v.name = a.name and v.employer = a.employer
    ) valid on true`.execute(db)
  await sql`
    do $$ begin
      execute format('grant select on agreement_standing to %I', login_named('app'));
    end $$`.execute(db)
}

async function employers(db: Kysely<unknown>): Promise<void> {
  // The newest row of an employer counts; one without a row has a contract.
  await sql`
    create table employer_contracts (
      id bigint generated always as identity primary key,
      employer text not null check (employer <> ''),
      ended boolean not null,
      -- Who said so; null: the command line.
      by text references accounts,
      recorded_at timestamptz not null
    )`.execute(db)
  await sql`create index employer_contracts_employer on employer_contracts (employer, id desc)`.execute(db)
  await sql`select make_register('employer_contracts')`.execute(db)
  await sql`select journal_register('employer_contracts', 'id')`.execute(db)
}

async function changesOfAccounts(db: Kysely<unknown>): Promise<void> {
  // Who hands out accounts sees no city data. Not checked of rows from before.
  await sql`
    alter table account_versions add constraint administrator_alone
    check (closed or not roles @> array['administrator'] or cardinality(roles) = 1) not valid`.execute(db)
  await sql`
    create function check_account_version() returns trigger language plpgsql
    set search_path = pg_catalog, pg_temp as $$
    begin
      -- Whoever ends the contract takes the same lock: an account is either closed with it or refused here.
      perform pg_advisory_xact_lock(969010, hashtext(new.employer));
      if not new.closed and (
        select ended from public.employer_contracts c
        where c.employer = new.employer order by c.id desc limit 1
      ) then
        raise exception 'the contract of this employer has ended'
          using errcode = 'check_violation', constraint = 'employer_has_contract';
      end if;
      -- Quoted: PL/pgSQL has a word of its own for it.
      if new."by" = new.account and not new.roles <@ coalesce((
        select v.roles from public.account_versions v
        where v.account = new.account order by v.id desc limit 1
      ), '{}') then
        raise exception 'nobody grants himself a role'
          using errcode = 'check_violation', constraint = 'role_by_another';
      end if;
      return new;
    end $$`.execute(db)
  await sql`
    create trigger c_check before insert on account_versions
    for each row execute function check_account_version()`.execute(db)
  // Every node forgets at once what it knew of the account.
  await sql`
    create function notify_account() returns trigger language plpgsql
    set search_path = pg_catalog, pg_temp as $$
    begin
      perform pg_notify('accounts', new.account);
      return null;
    end $$`.execute(db)
  await sql`
    create trigger d_notify after insert on account_versions
    for each row execute function notify_account()`.execute(db)
}

const firstText = `Subsemnata/Subsemnatul {nume}, din partea angajatorului {angajator}, lucrez la centrul de apel 969 al Primăriei Municipiului Timișoara și am acces, prin aplicație, la date cu caracter personal și la date fiscale ale cetățenilor. Mă oblig la următoarele:

1. Păstrez confidențialitatea a tot ce aflu: date de identificare, adrese, numere de telefon, cereri, reclamații și sesizări, proprietăți, sume datorate și plătite, convorbiri și înregistrări.

2. Folosesc informațiile numai pentru a răspunde cetățeanului care a sunat și pentru a-i înregistra solicitarea. Nu le folosesc în alte scopuri, nici pentru mine, nici pentru altcineva.

3. Caut o persoană sau deschid un dosar numai când apelul o cere. Informații fiscale dau numai după verificarea identității și numai persoanei verificate.

4. Nu copiez, nu fotografiez și nu duc informațiile în afara aplicației. Contul și parola sunt numai ale mele.

5. Știu că fiecare consultare se înscrie într-un jurnal care nu poate fi modificat: cine, ce, când și în ce apel.

6. Dacă informații au ajuns la cine nu trebuia, anunț îndată supervizorul.

7. Obligațiile rămân valabile și după ce nu mai lucrez la centrul de apel sau pentru {angajator}.

Temei: Regulamentul (UE) 2016/679, art. 28 alin. (3) lit. b), art. 29 și art. 32 alin. (4); Legea nr. 207/2015 privind Codul de procedură fiscală, art. 11 (secretul fiscal).`
