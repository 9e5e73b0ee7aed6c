import type { TFunction } from 'i18next'
import type { AgentView } from '../../http/agents/wire.ts'
import { hourAndMinute } from './time/time.ts'

/** Who set a supervisor's pause, when, and who can lift it: the same on the desk and on the board. */
export function imposedText(
  { by, since }: NonNullable<AgentView['imposed']>,
  t: TFunction,
  language: string,
): string {
  const time = hourAndMinute(since, language)
  return by === null ? t('common.imposed.unknown', { time }) : t('common.imposed.by', { name: by, time })
}
