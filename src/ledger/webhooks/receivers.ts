/** The receivers of webhooks that the register has open. The one that the settings name is not among them. */
import { knownTypes, type WebhookType } from '../../city/webhooks/published-events.ts'
import type { Database } from '../database.ts'

export interface OpenReceiver {
  readonly id: string
  readonly version: number
  readonly name: string
  readonly url: string
  readonly types: readonly WebhookType[]
  /** Sealed. */
  readonly secret: Buffer
}

/** By name. */
export async function openReceivers(db: Database): Promise<OpenReceiver[]> {
  const rows = await newest(db).where('closed', '=', false).orderBy('name').execute()
  return rows.map(({ types, ...row }) => ({ ...row, types: knownTypes(types) }))
}

/** Null: closed, or there is none. */
export async function openReceiver(db: Database, id: string): Promise<OpenReceiver | null> {
  const row = await newest(db).where('id', '=', id).where('closed', '=', false).executeTakeFirst()
  return row === undefined ? null : { ...row, types: knownTypes(row.types) }
}

const newest = (db: Database) =>
  db
    .selectFrom((one) =>
      one
        .selectFrom('webhook_receiver_versions')
        .distinctOn('receiver')
        .select(['receiver as id', 'id as version', 'name', 'url', 'types', 'secret', 'closed'])
        .orderBy('receiver')
        .orderBy('webhook_receiver_versions.id', 'desc')
        .as('newest'),
    )
    .select(['id', 'version', 'name', 'url', 'types', 'secret'])
