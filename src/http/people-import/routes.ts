/** Accounts for the people of a CSV file, for administrators: read first, then opened all at once. */
import type { Database } from '../../ledger/database.ts'
import { accountByUsername } from '../../people/accounts.ts'
import type { PeopleFile as ReadFile, PersonRow } from '../../people/people-import/people-file.ts'
import { importPeople, readPeopleNow, type Imported } from '../../people/people-import/people-import.ts'
import { importedMax } from '../../people/people-import/person-faults.ts'
import type { App } from '../app.ts'
import type { RouteContext } from '../route-context.ts'
import { accountOf } from '../session/session.ts'
import { refusals } from '../shell/documented.ts'
import { isoOrNull } from '../shell/iso-time.ts'
import { Refused } from '../shell/problem.ts'
import type { Code } from '../shell/sentences.ts'
import { CheckedPeople, ImportedPeople, PeopleFile, type PersonOfFile } from './wire.ts'

const config = { access: ['administrator'] } as const
const tags = ['accounts']
const bodyLimit = 1024 * 1024

const fileCodes = {
  'not csv': 'people-not-csv',
  'wrong columns': 'people-wrong-columns',
  'nobody in it': 'people-nobody',
  'too many people': 'people-too-many',
} as const satisfies Record<Extract<ReadFile, { ok: false }>['why'], Code>

const importCodes = {
  'not allowed': 'forbidden',
  'file is wrong': 'people-file-wrong',
  'contract ended': 'contract-ended',
} as const satisfies Record<Extract<Imported, { ok: false }>['why'], Code>

export function peopleImportRoutes(app: App, { deps: { db, logger } }: RouteContext): void {
  app.post(
    '/api/people-import/check',
    {
      config,
      bodyLimit,
      schema: {
        operationId: 'checkPeople',
        tags,
        summary:
          'What an import of this file would do, row by row, with the faults of each; nothing is opened',
        body: PeopleFile,
        response: { 200: CheckedPeople, ...refusals(400, 401, 403, 503) },
      },
    },
    async (request) => {
      const { employer } = accountOf(request)
      const options = { employer, rowsMax: importedMax, byOne: true }
      const file = await readPeopleNow(db, request.body.csv, options)
      if (!file.ok) throw new Refused(fileCodes[file.why])
      const items: PersonOfFile[] = []
      for (const row of file.rows) items.push(await rowView(db, row))
      return { items }
    },
  )

  app.post(
    '/api/people-import',
    {
      config,
      bodyLimit,
      schema: {
        operationId: 'importPeople',
        tags,
        summary:
          'Open an account for everybody of the file, or for nobody; the codes are in this answer alone',
        description:
          'People who have an account stay as they are. Roles that two administrators give are faults of the file.',
        body: PeopleFile,
        response: { 201: ImportedPeople, ...refusals(400, 401, 403, 409, 503) },
      },
    },
    async (request, reply) => {
      const { id: by, employer } = accountOf(request)
      const imported = await importPeople(db, request.body.csv, { by, employer })
      if (!imported.ok) throw new Refused(importCodes[imported.why])
      const { issued, known } = imported
      logger.info({ by, opened: issued.length, known }, 'accounts of a file were opened')
      const items = issued.map(({ expiresAt, ...one }) => ({ ...one, expiresAt: isoOrNull(expiresAt) }))
      return reply.code(201).send({ items, known })
    },
  )
}

async function rowView(db: Database, row: PersonRow): Promise<PersonOfFile> {
  const { line, username, name, person, faults } = row
  const state = person === null ? 'wrong' : (await accountByUsername(db, username)) === null ? 'new' : 'known'
  const skills = person?.skills ?? null
  return {
    line,
    username,
    name,
    roles: [...(person?.roles ?? [])],
    employer: person?.employer ?? '',
    skills: skills === null ? null : Object.fromEntries(skills),
    state,
    faults: faults.map(({ accepted, ...fault }) => ({ ...fault, accepted: [...accepted] })),
  }
}
