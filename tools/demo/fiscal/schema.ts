/**
 * The demo's fiscal database, which stands for another system's: own database, schema, owner and login. The tables
 * belong to a role without login. The reader may only execute two functions, which require complete keys, so that the
 * data cannot be listed or exported.
 */
import type { ClientBase } from 'pg'

/** Incremented with changes of the tables or the seed: an older database is recreated. */
export const schemaVersion = 2

export interface Roles {
  readonly owner: string
  readonly reader: string
}

/** Replaces the schema, within the caller's transaction. */
export async function createSchema(client: ClientBase, { owner, reader }: Roles): Promise<void> {
  const [o, r] = [owner, reader].map((role) => client.escapeIdentifier(role))
  await client.query(`
    drop schema if exists fiscal cascade;
    create schema fiscal authorization ${o};
    set local role ${o};
    alter default privileges revoke execute on functions from public;
    ${tables}
    ${functions}
    grant usage on schema fiscal to ${r};
    revoke execute on all functions in schema fiscal from public;
    grant execute on function fiscal.taxpayer_named(text), fiscal.account_of(uuid, text[]) to ${r};
  `)
}

const tables = `
  create table fiscal.situation (as_of date not null, seed text not null);

  create table fiscal.taxpayer (
    id integer primary key,
    handle uuid not null default gen_random_uuid() unique,
    kind text not null check (kind in ('person', 'company')),
    identifier text not null unique,
    name text not null,
    role_number text not null,
    address text not null,
    deceased date
  );

  create table fiscal.object (
    id integer primary key,
    kind text not null,
    type text not null,
    place text not null,
    zone text,
    acquired date,
    useful_area float8,
    characteristics json not null
  );

  create table fiscal.ownership (
    taxpayer integer not null references fiscal.taxpayer,
    object integer not null references fiscal.object,
    numerator integer not null,
    denominator integer not null,
    reductions json not null,
    primary key (taxpayer, object)
  );
  create index ownership_object on fiscal.ownership (object);

  create table fiscal.debt (
    taxpayer integer not null,
    object integer not null,
    year integer not null,
    tax bigint not null,
    bonus bigint not null,
    instalments json not null,
    late_charges bigint not null,
    penalties bigint not null,
    primary key (taxpayer, object, year)
  );

  create table fiscal.payment (
    taxpayer integer not null,
    object integer not null,
    year integer not null,
    day date not null,
    amount bigint not null,
    charges bigint not null,
    channel text not null,
    receipt text not null
  );
  create index payment_taxpayer on fiscal.payment (taxpayer);
`

/** SQL-standard bodies, parsed at creation, so that the search path cannot substitute other tables. */
const functions = `
  create function fiscal.taxpayer_named(whole_identifier text)
  returns table (handle uuid, name text, address text)
  language sql stable security definer set search_path = pg_catalog, pg_temp
  begin atomic
    select t.handle, t.name, t.address from fiscal.taxpayer t where t.identifier = whole_identifier;
  end;

  create function fiscal.masked(identifier text) returns text
  language sql immutable set search_path = pg_catalog, pg_temp
  return case when length(identifier) < 8 then '******'
    else left(identifier, 1) || '******' || right(identifier, 4) end;

  create function fiscal.objects_of(of_taxpayer integer) returns json
  language sql stable set search_path = pg_catalog, pg_temp
  return (
    select coalesce(json_agg(json_build_object(
      'id', o.id::text, 'kind', o.kind, 'type', o.type, 'place', o.place, 'zone', o.zone, 'acquired', o.acquired,
      'usefulArea', o.useful_area, 'characteristics', o.characteristics,
      'share', json_build_object('numerator', w.numerator, 'denominator', w.denominator),
      'coOwners', coalesce((
        select json_agg(json_build_object(
          'name', t.name,
          'share', json_build_object('numerator', other.numerator, 'denominator', other.denominator)
        ) order by t.name)
        from fiscal.ownership other join fiscal.taxpayer t on t.id = other.taxpayer
        where other.object = o.id and other.taxpayer <> of_taxpayer
      ), '[]'),
      'reductions', w.reductions
    ) order by o.id), '[]')
    from fiscal.ownership w join fiscal.object o on o.id = w.object where w.taxpayer = of_taxpayer
  );

  create function fiscal.debts_of(of_taxpayer integer) returns json
  language sql stable set search_path = pg_catalog, pg_temp
  return (
    select coalesce(json_agg(debt), '[]') from (
      select d.object::text as object, d.year, d.tax, d.bonus, d.instalments, d.late_charges as "lateCharges",
        d.penalties
      from fiscal.debt d where d.taxpayer = of_taxpayer order by d.object, d.year desc
    ) debt
  );

  create function fiscal.payments_of(of_taxpayer integer) returns json
  language sql stable set search_path = pg_catalog, pg_temp
  return (
    select coalesce(json_agg(payment), '[]') from (
      select p.object::text as object, p.year, p.day, p.amount, p.charges, p.channel, p.receipt
      from fiscal.payment p where p.taxpayer = of_taxpayer
      order by p.day desc, p.receipt, p.object, p.amount desc
    ) payment
  );

  create function fiscal.account_of(of_handle uuid, parts text[]) returns json
  language sql stable security definer set search_path = pg_catalog, pg_temp
  return (
    select json_build_object(
      'taxpayer', t.handle, 'kind', t.kind, 'name', t.name, 'maskedIdentifier', fiscal.masked(t.identifier),
      'roleNumber', t.role_number, 'address', t.address, 'deceased', t.deceased,
      'asOf', (select as_of from fiscal.situation),
      'objects', case when 'objects' = any (parts) then fiscal.objects_of(t.id) else '[]' end,
      'debts', case when 'debts' = any (parts) then fiscal.debts_of(t.id) else '[]' end,
      'payments', case when 'payments' = any (parts) then fiscal.payments_of(t.id) else '[]' end
    )
    from fiscal.taxpayer t where t.handle = of_handle
  );
`
