/** The codes of wrap-ups, from the configuration in force. */
import {
  codePath,
  codePathEn,
  codesInOrder,
  codesUnder,
  queuesOfCode,
} from '../../core/configuration/codes.ts'
import { codePathOf, newestConfiguration } from '../../ledger/configuration/versions.ts'
import type { Database } from '../../ledger/database.ts'
import type { WrapUpForm as RecordedForm } from '../../city/calls/wrap-up.ts'
import type { App } from '../app.ts'
import type { RouteContext } from '../route-context.ts'
import { refusals } from '../shell/documented.ts'
import { WrongContent } from '../shell/problem.ts'
import { WrapUpCodes, type WrapUpForm } from './wire.ts'

export function wrapUpCodeRoutes(app: App, { deps: { db } }: RouteContext): void {
  app.get(
    '/api/wrap-up-codes',
    {
      config: { scope: 'configuration:read' },
      schema: {
        operationId: 'wrapUpCodes',
        tags: ['calls'],
        summary: 'The codes from which agents choose what a call was about',
        response: { 200: WrapUpCodes, ...refusals(401, 503) },
      },
    },
    async () => {
      const codes = await codesInForce(db)
      return {
        items: codesInOrder(codes).map(({ id }) => ({
          id,
          path: codePath(codes, id),
          pathEn: codePathEn(codes, id),
          queues: queuesOfCode(codes, id)?.slice() ?? null,
        })),
      }
    },
  )
}

/** The code and those below it; of one that is not in force, itself. */
export const codesAsked = async (db: Database, code: string): Promise<readonly string[]> =>
  codesUnder(await codesInForce(db), code)

const codesInForce = async (db: Database) => (await newestConfiguration(db)).document.codes ?? []

/** The form with its code's path. @throws {WrongContent} no version of the configuration has the code */
export async function recordedForm(
  db: Database,
  { code = null, ...form }: WrapUpForm,
): Promise<RecordedForm> {
  if (code === null) return form
  const name = await codePathOf(db, code)
  if (name === null)
    throw new WrongContent([{ field: 'code', accepted: 'the id of a wrap-up code, or null' }])
  return { ...form, code: { id: code, name } }
}
