/** The contacts to whom agents send callers. */
import type { App } from '../app.ts'
import type { RouteContext } from '../route-context.ts'
import { refusals } from '../shell/documented.ts'
import { ContactList, contactsMax, ContactQuery } from './wire.ts'

export function contactRoutes(app: App, { deps: { directory } }: RouteContext): void {
  app.get(
    '/api/contacts',
    {
      config: { access: ['agent'] },
      schema: {
        operationId: 'contacts',
        tags: ['contacts'],
        summary:
          'Departments and interpreters to whom I can send my caller, or whom I can bring into the call',
        querystring: ContactQuery,
        response: { 200: ContactList, ...refusals(400, 401, 403) },
      },
    },
    async ({ query: { limit = contactsMax } }) => ({
      items: directory
        .contacts()
        .slice(0, limit)
        .map(({ id, name, number, language }) => ({
          id,
          name,
          number: language === null ? number : null,
          language,
        })),
    }),
  )
}
