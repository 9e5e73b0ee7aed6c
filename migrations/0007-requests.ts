/**
 * Requests: what citizens ask, complain of and propose, each under a number of the city.
 *
 * The number is given by the register itself: a trigger takes it from a counter row that stays locked until the
 * registration is committed, and the application may not write it. So there is no number without its request,
 * none twice and none left out; the day is the clock's after the lock, and never before the number before it.
 * How a request goes on is told by rows of `request_statuses`; the newest says everything that counts now.
 */
import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await counter(db)
  await requests(db)
  await numbers(db)
  await statuses(db)
  await writings(db)
  await views(db)
  for (const register of ['requests', 'request_statuses', 'request_tellings', 'request_number_raises']) {
    await sql`select journal_register(${register}::regclass, 'id')`.execute(db)
  }
}

async function counter(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table request_counter (
      one boolean primary key default true check (one),
      year integer not null,
      next integer not null check (next > 0),
      last_at timestamptz not null
    )`.execute(db)
  await sql`insert into request_counter (year, next, last_at) values (2000, 1, '2000-01-01 12:00+00')`.execute(
    db,
  )
  await sql`
    do $$ begin
      execute format('grant select on request_counter to %I', login_named('app'));
    end $$`.execute(db)
  // The one clock of registrations; a test of the year's turn puts another in its place.
  await sql`
    create function registration_clock() returns timestamptz language sql volatile
    set search_path = pg_catalog, pg_temp as 'select clock_timestamp()'`.execute(db)
}

async function requests(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table requests (
      id text primary key,
      prefix text not null check (prefix ~ '^[A-Z]{1,6}$'),
      year integer not null,
      number integer not null check (number > 0),
      registered_at timestamptz not null,
      registered_on date not null,
      kind text not null check (kind in ('complaint', 'notice', 'request', 'suggestion', 'proposal')),
      category text not null check (category <> ''),
      regime text not null check (regime in ('petition', 'public information')),
      anonymous boolean not null,
      agent text not null references accounts,
      -- The call in which it was taken; null: none.
      call text,
      -- The draft that it was made of: a retry after a time-out finds what it had made.
      draft text not null unique check (draft ~ '^[A-Za-z0-9_-]{16,64}$'),
      -- What it complains of: a request of ours, or a paper filed elsewhere, as the caller reads it out.
      about_request text references requests,
      about_number text check (length(about_number) <= 60),
      about_day date,
      about_lateness text check (about_lateness in ('due', 'overdue')),
      detail_digest bytea not null check (length(detail_digest) = 32),
      recorded_at timestamptz not null,
      unique (year, number),
      check (about_request is null or about_number is null),
      check ((about_number is null) = (about_day is null)),
      check ((about_lateness is null) = (about_request is null and about_number is null))
    )`.execute(db)
  await sql`create index requests_call on requests (call) where call is not null`.execute(db)
  await sql`create index requests_agent on requests (agent, registered_at desc)`.execute(db)
  await sql`create index requests_registered on requests (registered_at desc, id desc)`.execute(db)
  await sql`create index requests_about on requests (about_request) where about_request is not null`.execute(
    db,
  )
  await sql`create index requests_category on requests (category, registered_at desc)`.execute(db)
  await sql`select make_register('requests')`.execute(db)
  // Who asks, where, what, and the tracking code. As text: its very bytes are what the digest is of.
  await sql`
    create table request_details (
      request text primary key references requests,
      salt bytea not null check (length(salt) = 16),
      value text not null,
      phone text generated always as (value::jsonb #>> '{person,phone}') stored,
      street text generated always as (value::jsonb #>> '{place,street}') stored,
      recorded_at timestamptz not null
    )`.execute(db)
  await sql`create index request_details_phone on request_details (phone) where phone <> ''`.execute(db)
  await sql`create index request_details_street on request_details (street) where street <> ''`.execute(db)
  await sql`select make_detail('request_details')`.execute(db)
}

async function numbers(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function number_request() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as $$
    declare
      head request_counter%rowtype;
    begin
      select * into strict head from request_counter for update;
      new.registered_at := greatest(registration_clock(), head.last_at);
      new.registered_on := (new.registered_at at time zone 'Europe/Bucharest')::date;
      new.year := greatest(extract(year from new.registered_on)::integer, head.year);
      new.number := case when new.year > head.year then 1 else head.next end;
      new.id := new.prefix || new.year || '-' || lpad(new.number::text, greatest(6, length(new.number::text)), '0');
      update request_counter set year = new.year, next = new.number + 1, last_at = new.registered_at;
      return new;
    end $$`.execute(db)
  await sql`
    create trigger b_numbered before insert on requests
    for each row execute function number_request()`.execute(db)
  await sql`
    do $$ begin
      execute format('revoke insert (id, year, number, registered_at, registered_on) on requests from %I',
                     login_named('app'));
    end $$`.execute(db)
  // The next number can only be raised, as when a year was begun in another register.
  await sql`
    create table request_number_raises (
      id bigint generated always as identity primary key,
      year integer not null,
      next integer not null check (next > 1),
      reason text not null check (reason <> '' and length(reason) <= 200),
      by text not null references accounts,
      recorded_at timestamptz not null
    )`.execute(db)
  await sql`select make_register('request_number_raises')`.execute(db)
  await sql`
    create function raise_number() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as $$
    declare
      head request_counter%rowtype;
    begin
      select * into strict head from request_counter for update;
      new.year := greatest(extract(year from registration_clock() at time zone 'Europe/Bucharest')::integer,
                           head.year);
      if new.year = head.year and new.next <= head.next then
        raise exception 'the next number is % already', head.next using errcode = 'restrict_violation';
      end if;
      update request_counter set year = new.year, next = new.next;
      return new;
    end $$`.execute(db)
  await sql`
    create trigger b_raised before insert on request_number_raises
    for each row execute function raise_number()`.execute(db)
  await sql`
    do $$ begin
      execute format('revoke insert (year) on request_number_raises from %I', login_named('app'));
    end $$`.execute(db)
}

async function statuses(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table request_statuses (
      id bigint generated always as identity primary key,
      request text not null references requests,
      -- The order of what happens to one request, without a gap.
      version integer not null check (version > 0),
      kind text not null check (kind in ('registered', 'in progress', 'extended', 'redirected', 'joined',
        'answered', 'filed', 'reopened', 'numbered')),
      state text not null check (state in ('registered', 'in progress', 'redirected', 'joined', 'answered',
        'filed')),
      department text not null check (department <> ''),
      to_head boolean not null,
      counted_from date not null,
      announced_on date not null,
      legal_end_on date not null,
      extended boolean not null,
      authority text check (length(authority) <= 200),
      joined_to text references requests,
      -- The document system's own number.
      foreign_number text check (length(foreign_number) <= 60),
      -- Who did it here; null: the document system.
      by text references accounts,
      note_digest bytea check (length(note_digest) = 32),
      recorded_at timestamptz not null,
      unique (request, version),
      check ((kind = 'redirected') = (authority is not null)),
      check ((kind = 'joined') = (joined_to is not null)),
      check ((kind = 'numbered') = (foreign_number is not null)),
      check ((kind = 'registered') = (version = 1))
    )`.execute(db)
  await sql`
    create index request_statuses_foreign on request_statuses (foreign_number)
    where foreign_number is not null`.execute(db)
  await sql`create index request_statuses_joined on request_statuses (joined_to) where joined_to is not null`.execute(
    db,
  )
  await sql`select make_register('request_statuses')`.execute(db)
  await sql`
    create table request_status_notes (
      status bigint primary key references request_statuses,
      salt bytea not null check (length(salt) = 16),
      text text not null,
      recorded_at timestamptz not null
    )`.execute(db)
  await sql`select make_detail('request_status_notes')`.execute(db)
}

async function writings(db: Kysely<unknown>): Promise<void> {
  // That number and date were said to the citizen; without such a row they are still to be said.
  await sql`
    create table request_tellings (
      id bigint generated always as identity primary key,
      request text not null references requests,
      agent text not null references accounts,
      call text,
      how text not null check (how in ('on the call', 'later', 'not reachable')),
      recorded_at timestamptz not null
    )`.execute(db)
  await sql`create index request_tellings_request on request_tellings (request)`.execute(db)
  await sql`select make_register('request_tellings')`.execute(db)
  // Tries at the public tracking page: which number, from which network, and whether the code was right.
  await sql`
    create table tracking_tries (
      id bigint generated always as identity primary key,
      number text not null check (length(number) <= 40),
      address text not null check (length(address) <= 64),
      found boolean not null,
      recorded_at timestamptz not null
    )`.execute(db)
  await sql`create index tracking_tries_number on tracking_tries (number, recorded_at) where not found`.execute(
    db,
  )
  await sql`create index tracking_tries_address on tracking_tries (address, recorded_at) where not found`.execute(
    db,
  )
  await sql`create index tracking_tries_wrong on tracking_tries (recorded_at) where not found`.execute(db)
  await sql`select make_register('tracking_tries')`.execute(db)
  // No register: what an agent is still writing. It goes when it has got its number, or is thrown away.
  await sql`
    create table request_drafts (
      id text primary key check (id ~ '^[A-Za-z0-9_-]{16,64}$'),
      agent text not null references accounts,
      call text,
      form jsonb not null,
      changed_at timestamptz not null default clock_timestamp()
    )`.execute(db)
  await sql`create index request_drafts_agent on request_drafts (agent, changed_at desc)`.execute(db)
  await sql`
    do $$ begin
      execute format('grant select, insert, update, delete on request_drafts to %I', login_named('app'));
    end $$`.execute(db)
}

async function views(db: Kysely<unknown>): Promise<void> {
  await sql`
    create view current_requests as
    select r.id, r.prefix, r.year, r.number, r.registered_at, r.registered_on, r.kind, r.category, r.regime,
           r.anonymous, r.agent, r.call, r.about_request, r.about_number, r.about_day, r.about_lateness,
           s.version, s.state, s.department, s.to_head, s.counted_from, s.announced_on, s.legal_end_on,
           s.extended, s.recorded_at as changed_at
    from requests r
    cross join lateral (
      select * from request_statuses where request = r.id order by version desc limit 1
    ) s`.execute(db)
  await sql`
    do $$ begin
      execute format('grant select on current_requests to %I', login_named('app'));
    end $$`.execute(db)
}
