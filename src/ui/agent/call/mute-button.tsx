import { ActionIcon } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Icon } from '../../shared/components/icon.tsx'
import { unavailable } from '../../shared/components/unavailable.ts'
import type { DeskState } from '../desk-state.ts'
import { ariaChord } from '../keys/chords.ts'
import { useKey } from '../keys/use-keys.ts'
import { useMuted, useWhyNot } from '../use-desk.ts'
import type { Run } from '../use-run.ts'

interface MuteButtonProps {
  readonly state: DeskState
  readonly run: Run
}

export function MuteButton({ state, run }: MuteButtonProps) {
  const { t } = useTranslation()
  const key = useKey('mute')
  const why = useWhyNot(state)('mute')
  const muted = useMuted(state)
  const label = muted ? t('desk.muteOff') : t('desk.muteOn')
  return (
    <ActionIcon
      size={36}
      variant={muted ? 'filled' : 'default'}
      color="#93131f"
      data-action="mute"
      {...unavailable(why !== null)}
      aria-pressed={muted}
      aria-label={label}
      aria-keyshortcuts={ariaChord(key)}
      title={why === null ? `${label} (${key})` : t(`desk.why.${why}`)}
      onClick={() => why === null && run('mute')}
    >
      <Icon name={muted ? 'microphoneOff' : 'microphone'} />
    </ActionIcon>
  )
}
