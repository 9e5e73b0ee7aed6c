/** The auditor's remarks on entries of the journal. A remark is an entry of its own that cites another. */
import { journalEntry } from '../../ledger/journal/journal.ts'
import { addRemark, remarksOn } from '../../ledger/journal/access-log-remarks.ts'
import type { RouteContext } from '../route-context.ts'
import type { App } from '../app.ts'
import { refusals } from '../shell/documented.ts'
import { remarkView } from './view.ts'
import { Refused } from '../shell/problem.ts'
import { accountOf } from '../session/session.ts'
import { AddRemark, EntryParams, RemarkView } from './wire.ts'

export function journalRemarkRoutes(app: App, { deps: { db } }: RouteContext): void {
  app.post(
    '/api/journal/entries/:index/remarks',
    {
      config: { access: ['auditor'], cityData: true },
      schema: {
        operationId: 'addRemark',
        tags: ['journal'],
        summary: 'Add a remark to an entry of the journal; it cannot be changed later',
        params: EntryParams,
        body: AddRemark,
        response: { 201: RemarkView, ...refusals(400, 401, 403, 404, 503) },
      },
    },
    async (request, reply) => {
      const { index: entry } = request.params
      const { id: account } = accountOf(request)
      if ((await journalEntry(db, entry)) === null) throw new Refused('no-such-entry')
      const index = await addRemark(db, { entry, account, text: request.body.text.trim() })
      const added = (await remarksOn(db, [entry])).get(entry)?.find((one) => one.index === index)
      if (added === undefined) throw new Error('The remark that was just written cannot be read back')
      return reply.code(201).send(remarkView(added))
    },
  )
}
