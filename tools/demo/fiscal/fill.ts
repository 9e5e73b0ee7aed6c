/** Writes the demo's taxpayers into the tables, thousands of rows per statement, as column arrays. */
import type { ClientBase } from 'pg'
import type { Settled } from './town.ts'

type Rows = readonly Readonly<Record<string, unknown>>[]

/** Households per batch. */
const batch = 500

export async function fill(client: ClientBase, town: Iterable<Settled>): Promise<void> {
  let some: Settled[] = []
  for (const household of town) {
    some.push(household)
    if (some.length < batch) continue
    await write(client, some)
    some = []
  }
  await write(client, some)
}

async function write(client: ClientBase, households: readonly Settled[]): Promise<void> {
  const possessions = households.flatMap((one) => one.possessions)
  await insert(
    client,
    'taxpayer',
    {
      id: 'integer',
      kind: 'text',
      identifier: 'text',
      name: 'text',
      role_number: 'text',
      address: 'text',
      deceased: 'date',
    },
    households.flatMap(({ taxpayers }) => taxpayers.map((one) => ({ ...one, role_number: one.roleNumber }))),
  )
  await insert(
    client,
    'object',
    {
      id: 'integer',
      kind: 'text',
      type: 'text',
      place: 'text',
      zone: 'text',
      acquired: 'date',
      useful_area: 'float8',
      characteristics: 'json',
    },
    possessions.map((one) => ({
      ...one,
      useful_area: one.usefulArea,
      characteristics: JSON.stringify(one.characteristics),
    })),
  )
  await insert(
    client,
    'ownership',
    {
      taxpayer: 'integer',
      object: 'integer',
      numerator: 'integer',
      denominator: 'integer',
      reductions: 'json',
    },
    possessions.flatMap(({ id, owners }) =>
      owners.map(({ taxpayer, share, reductions }) => ({
        taxpayer,
        object: id,
        ...share,
        reductions: JSON.stringify(reductions),
      })),
    ),
  )
  await insert(
    client,
    'debt',
    {
      taxpayer: 'integer',
      object: 'integer',
      year: 'integer',
      tax: 'bigint',
      bonus: 'bigint',
      instalments: 'json',
      late_charges: 'bigint',
      penalties: 'bigint',
    },
    households.flatMap(({ debts }) =>
      debts.map((one) => ({
        ...one,
        instalments: JSON.stringify(one.instalments),
        late_charges: one.lateCharges,
      })),
    ),
  )
  await insert(
    client,
    'payment',
    {
      taxpayer: 'integer',
      object: 'integer',
      year: 'integer',
      day: 'date',
      amount: 'bigint',
      charges: 'bigint',
      channel: 'text',
      receipt: 'text',
    },
    households.flatMap(({ payments }) => payments.map((one) => ({ ...one }))),
  )
}

/** `columns`: name → type. Each column is passed as one array parameter. */
async function insert(
  client: ClientBase,
  table: string,
  columns: Readonly<Record<string, string>>,
  rows: Rows,
): Promise<void> {
  const names = Object.keys(columns)
  const arrays = names.map((name, at) => `$${at + 1}::${columns[name]}[]`)
  await client.query(
    `insert into fiscal.${table} (${names.join(', ')}) select * from unnest(${arrays.join(', ')})`,
    names.map((name) => rows.map((row) => row[name] ?? null)),
  )
}
