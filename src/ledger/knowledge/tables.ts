/** The tables of the knowledge base: versions and drafts of articles, synonyms, search words, openings and notices. */
import type { GeneratedAlways } from 'kysely'
import type { Need, PaperContent, PaperId } from '../../city/knowledge/paper.ts'
import type { AgentId, CallId, QueueId } from '../../core/ids.ts'
import type { Fixed, Json, RecordedAt } from '../columns.ts'

export interface KnowledgeTables {
  paper_versions: {
    readonly paper: Fixed<PaperId>
    readonly version: Fixed<number>
    readonly domain: Fixed<string>
    readonly title: Fixed<string>
    readonly problem: Fixed<string>
    readonly asked: Fixed<string[]>
    readonly needs: Json<Need[]>
    readonly form_name: Fixed<string | null>
    readonly form_url: Fixed<string | null>
    readonly handled_by: Fixed<string | null>
    readonly fee: Fixed<string>
    readonly counter: Fixed<string>
    readonly hours: Fixed<string>
    readonly term: Fixed<string>
    readonly basis: Fixed<string[]>
    readonly valid_from: Fixed<string>
    readonly valid_to: Fixed<string | null>
    readonly source_url: Fixed<string>
    readonly reviewed_on: Fixed<string>
    readonly by: Fixed<AgentId | null>
    readonly published_by: Fixed<AgentId | null>
    readonly recorded_at: RecordedAt
  }
  paper_drafts: {
    readonly id: GeneratedAlways<number>
    readonly paper: Fixed<PaperId>
    readonly based_on: Fixed<number>
    readonly content: Json<PaperContent>
    readonly by: Fixed<AgentId>
    readonly recorded_at: RecordedAt
  }
  paper_draft_steps: {
    readonly id: GeneratedAlways<number>
    readonly draft: Fixed<number>
    readonly step: Fixed<'returned' | 'published' | 'replaced' | 'withdrawn'>
    readonly version: Fixed<number | null>
    readonly reason: Fixed<string | null>
    readonly by: Fixed<AgentId>
    readonly recorded_at: RecordedAt
  }
  paper_retirements: {
    readonly id: GeneratedAlways<number>
    readonly paper: Fixed<PaperId>
    readonly version: Fixed<number>
    readonly retired: Fixed<boolean>
    readonly reason: Fixed<string | null>
    readonly by: Fixed<AgentId>
    readonly recorded_at: RecordedAt
  }
  /** The retired articles, by the newest row of each in `paper_retirements`. */
  retired_papers: {
    readonly paper: PaperId
    readonly reason: string
    readonly by: AgentId
    readonly recorded_at: RecordedAt
  }
  paper_misses: {
    readonly day: Fixed<string>
    readonly query: Fixed<string>
    readonly times: number
  }
  paper_synonyms: {
    readonly id: GeneratedAlways<number>
    readonly word: Fixed<string>
    readonly means: Fixed<string>
    readonly folded: GeneratedAlways<string>
    readonly stems: GeneratedAlways<string>
    readonly by: Fixed<AgentId | null>
    readonly recorded_at: RecordedAt
  }
  /** Written by a trigger of `paper_versions` alone. */
  paper_vocabulary: { readonly word: string; readonly stem: string; readonly recorded_at: RecordedAt }
  /** Written by the same trigger. */
  paper_words: {
    readonly word: string
    readonly paper: PaperId
    readonly version: number
    readonly weight: number
    readonly recorded_at: RecordedAt
  }
  paper_openings: {
    readonly id: GeneratedAlways<number>
    readonly call: Fixed<CallId | null>
    readonly account: Fixed<AgentId>
    readonly paper: Fixed<PaperId>
    readonly version: Fixed<number>
    readonly query: Fixed<string | null>
    readonly recorded_at: RecordedAt
  }
  notices: {
    readonly id: GeneratedAlways<number>
    readonly text: Fixed<string>
    readonly from_day: Fixed<string>
    readonly to_day: Fixed<string>
    /** Null: none is named. */
    readonly articles: Fixed<PaperId[] | null>
    readonly queues: Fixed<QueueId[] | null>
    readonly by: Fixed<AgentId>
    readonly recorded_at: RecordedAt
  }
  notice_ends: {
    readonly notice: Fixed<number>
    readonly by: Fixed<AgentId>
    readonly recorded_at: RecordedAt
  }
}
