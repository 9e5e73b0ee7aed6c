/** Ledger records as given to a supervisor by the API. */
import type { Static } from 'typebox'
import type { CallItem, CallPage } from '../../src/http/calls/wire.ts'
import type { Scene } from './scene.ts'

export async function onRecord({ board }: Scene): Promise<Static<typeof CallItem>[]> {
  return (await board.get<Static<typeof CallPage>>('/api/calls?limit=100')).items
}
