/** What an owner is given. */
import type { Logger } from 'pino'
import type { Opening } from '../core/opening-hours.ts'
import type { Rules } from '../core/rules.ts'
import type {
  Clock,
  Directory,
  EventSpool,
  LastTold,
  Lease,
  LineStore,
  Pbx,
  RecordingJobs,
  VoiceMeter,
} from './ports.ts'

export interface OwnerDeps {
  readonly pbx: Pbx
  readonly store: LineStore
  readonly lease: Lease
  readonly directory: Directory
  readonly spool: EventSpool
  /** Never fails, and answers soon: of what cannot be asked nothing is known. */
  readonly lastTold: () => Promise<LastTold>
  readonly recordings: RecordingJobs
  readonly rules: Rules
  readonly opening: (now: number) => Opening
  readonly clock: Clock
  /** Makes an id that nobody has used. */
  readonly newId: () => string
  readonly meter: VoiceMeter
  readonly log: Logger
  /** The line is no longer ours: this owner is done, and has to be stopped. */
  readonly lost: (why: string) => void
}
