import type {
  AnnouncementSetting,
  CallbackSetting,
  OverflowSetting,
  SurveySetting,
  TargetSetting,
} from './configuration/schema.ts'
import type { AgentId, QueueId } from './ids.ts'

/** A queue requires one skill at a minimum level (1–5). */
export interface Queue {
  readonly id: QueueId
  /** As agents and supervisors read it. */
  readonly name: string
  /** Null: the Romanian name serves English screens too. */
  readonly nameEn: string | null
  readonly skill: string
  readonly levelMin: number
  /** Lower is served first. */
  readonly priority: number
  /** So many seconds of waiting count as one step of priority. Absent: the priority of its callers stays. */
  readonly ageingSeconds?: number
  /** Absent: its callers hear music alone. */
  readonly announce?: AnnouncementSetting
  /** Absent: its callers are not asked whether they want to be called back. */
  readonly callback?: CallbackSetting
  /** Absent: its callers stay in it. */
  readonly overflow?: OverflowSetting
  /** Absent: its callers are not asked how it was. */
  readonly survey?: SurveySetting
  /** Absent: the usual one (`reports/target.ts`). */
  readonly target?: TargetSetting
  /** Absent: as the rules say. */
  readonly wrapUpSeconds?: number
}

/** A queue with the settings that it has until they are changed: it requires the skill of its own name. */
export const newQueue = (id: QueueId, name: string): Queue => ({
  id,
  name,
  nameEn: null,
  skill: id,
  levelMin: 1,
  priority: 10,
})

/** How often the secret of each phone was replaced; part of what it is derived from. */
export interface PhoneEpochs {
  readonly web: number
  readonly desk: number
}

/** An agent's attributes for routing and the phones; owned by `people`. */
export interface AgentProfile {
  readonly id: AgentId
  /** The sign-in name; also the desk phone's SIP user, `<username>-web` the browser's. */
  readonly username: string
  readonly name: string
  /** Skill → level 1–5. */
  readonly skills: Readonly<Record<string, number>>
  /** False: a supervisor, who has phones and takes no calls. Absent: an agent. */
  readonly isAgent?: false
  /** Absent: never replaced. */
  readonly phoneEpochs?: PhoneEpochs
}
