/** The context that every subject's routes receive, and the type by which a subject is registered. */
import type { App } from './app.ts'
import type { RecentLooks } from './access/recent-looks.ts'
import type { LiveHub } from './live/live-hub.ts'
import type { LivePage } from './live/live-page.ts'
import type { PageRegistry } from './live/pages.ts'
import type { HttpDeps } from './ports.ts'
import type { ListTurns } from './session/list-turns.ts'
import type { Sessions } from './session/session.ts'
import type { Names } from './shell/names.ts'

/** Registers the routes of one subject. Subjects are listed in `src/subjects.ts`. */
export type Subject = (app: App, context: RouteContext) => void | Promise<void>

/** A program around the product, such as the demo, that adds a subject to the API. */
export type ServerPlugin = (paths: { readonly demo: string; readonly var: string }) => Promise<{
  readonly subject: Subject
  /** Whether the desk offers a trial call. */
  readonly trialCalls: boolean
}>

export interface RouteContext {
  readonly deps: HttpDeps
  readonly sessions: Sessions
  readonly hub: LiveHub
  readonly pages: PageRegistry<LivePage>
  readonly names: Names
  readonly recentLooks: RecentLooks
  readonly lists: ListTurns
}
