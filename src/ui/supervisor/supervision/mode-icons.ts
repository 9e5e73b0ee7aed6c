import type { SupervisionMode } from '../../../core/call.ts'
import type { IconName } from '../../shared/components/icon.tsx'

export const modeIcons: Readonly<Record<SupervisionMode, IconName>> = {
  monitor: 'ear',
  whisper: 'whisper',
  barge: 'talking',
}
