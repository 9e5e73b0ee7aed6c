/** The table of recorded prompts and texts. */
import type { GeneratedAlways } from 'kysely'
import type { PromptName } from '../../core/prompts/recordable.ts'
import type { AgentId } from '../../core/ids.ts'
import type { Fixed, RecordedAt } from '../columns.ts'

export interface PromptTables {
  prompt_versions: {
    readonly id: GeneratedAlways<number>
    readonly prompt: Fixed<PromptName>
    readonly based_on: Fixed<number | null>
    /** WAVE as it is heard; null: the machine's voice. */
    readonly sound: Fixed<Buffer | null>
    readonly length_ms: Fixed<number | null>
    /** RMS. */
    readonly level_db: Fixed<number | null>
    /** Null also: from before it was measured. */
    readonly loudness_lufs: Fixed<number | null>
    /** In `free_texts`. */
    readonly reason_digest: Fixed<Buffer>
    readonly by: Fixed<AgentId>
    readonly recorded_at: RecordedAt
  }
}
