import type { TFunction } from 'i18next'
import type { AgentView } from '../../http/agents/wire.ts'
import { hourAndMinute } from './time/time.ts'

/** A supervisor's pause in one sentence, the same on the desk and on the board: by whom, since when, who can lift it. */
export function imposedText(
  { by, since }: NonNullable<AgentView['imposed']>,
  t: TFunction,
  language: string,
): string {
  const time = hourAndMinute(since, language)
  return by === null ? t('common.imposed.unknown', { time }) : t('common.imposed.by', { name: by, time })
}
