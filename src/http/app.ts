/** What every route file is given. */
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { LiveHub } from './live-hub.ts'
import type { LivePage } from './live.ts'
import type { PageRegistry } from './pages.ts'
import type { HttpDeps } from './ports.ts'
import type { Names } from './present.ts'
import type { Sessions } from './session.ts'

export type App = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>

export interface Rooms {
  readonly deps: HttpDeps
  readonly sessions: Sessions
  readonly hub: LiveHub
  readonly pages: PageRegistry<LivePage>
  readonly names: Names
}
