/** A warning about skills and queues as the wire has it. */
import type { SkillWarning as Warning } from '../../core/configuration/skills.ts'
import type { SkillWarning } from './wire.ts'

export const warningView = (warning: Warning): SkillWarning => ({
  code: warning.code,
  skill: warning.skill,
  queue: warning.code === 'skill without queue' ? null : warning.queue,
})
