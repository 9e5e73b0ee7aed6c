/**
 * The tabs of the work zone. A new pane is one line here.
 *
 * `Body` is mounted when its tab is first opened and stays mounted, so that typed text is kept; it may begin with
 * `<SearchField>`, which is positioned in the tab strip. `Script` is the text that the agent reads out in the right
 * zone while the tab is open during a conversation; it renders `otherwise` when it has no text of its own.
 */
import type { ComponentType } from 'react'
import { CallerPane } from '../caller/caller-pane.tsx'
import { RequestsPane } from '../requests/requests-pane.tsx'
import { RequestsScript } from '../requests/requests-script.tsx'
import { KnowledgePane } from '../knowledge/knowledge-pane.tsx'
import { KnowledgeScript } from '../knowledge/knowledge-script.tsx'
import { TaxesPane } from '../taxes/taxes-pane.tsx'
import { TaxesScript } from '../taxes/taxes-script.tsx'
import type { ScriptProps } from './script-props.ts'
import type { PaneName } from './open-pane.ts'

export interface Pane {
  readonly name: PaneName
  readonly Body: ComponentType
  readonly Script?: ComponentType<ScriptProps>
}

export const panes: readonly Pane[] = [
  { name: 'caller', Body: CallerPane },
  { name: 'papers', Body: KnowledgePane, Script: KnowledgeScript },
  { name: 'requests', Body: RequestsPane, Script: RequestsScript },
  { name: 'taxes', Body: TaxesPane, Script: TaxesScript },
]

/** The tab `step` places further, wrapping around. */
export function paneBeside(open: PaneName, step: number): PaneName | undefined {
  const here = panes.findIndex(({ name }) => name === open)
  return panes[(here + step + panes.length) % panes.length]?.name
}
