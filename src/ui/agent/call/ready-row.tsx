import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Icon } from '../../shared/components/icon.tsx'
import { useStore } from '../../shared/store.ts'
import { ariaChord, type KeyAction } from '../keys/chords.ts'
import { useKey } from '../keys/use-keys.ts'
import { inCall } from '../desk-actions.ts'
import { soundFault } from '../desk-commands.ts'
import type { DeskState } from '../desk-state.ts'
import { useMyAgent, useWhyNot } from '../use-desk.ts'
import { PauseMenu } from './pause-menu.tsx'
import { unavailable } from '../../shared/components/unavailable.ts'
import { WhyNot } from '../../shared/components/why-not.tsx'
import styles from './call-zone.module.css'

interface ReadyRowProps {
  readonly state: DeskState
  readonly run: (action: KeyAction) => void
}

/** The ready and pause buttons; during a call they choose the state after it. */
export function ReadyRow({ state, run }: ReadyRowProps) {
  const { t } = useTranslation()
  const key = useKey('pause-ready')
  const why = useWhyNot(state)('pause-ready')
  const after = useMyAgent()?.after ?? null
  const checking = useStore(soundFault, (fault) => fault === 'checking')
  const busy = inCall(state)
  const pauses =
    state.name === 'ready' ||
    (state.name === 'no-phone' && state.wanted === 'ready') ||
    // In wrap-up the choice takes effect at once.
    (state.name === 'wrap-up' && after !== 'paused')
  const label = busy
    ? t(after === 'paused' ? 'desk.readyAfter' : 'desk.pauseAfter')
    : t(pauses ? 'desk.goPause' : 'desk.goReady')
  return (
    <div className={styles['ready']}>
      <WhyNot reason={why === null ? null : t(`desk.why.${why}`)}>
        <Button
          size="md"
          px={10}
          classNames={{ label: styles['wraps'] ?? '' }}
          variant={pauses || busy || why !== null ? 'default' : 'filled'}
          leftSection={<Icon name={(busy ? after !== 'paused' : pauses) ? 'paused' : 'ready'} />}
          rightSection={<kbd className={styles['key']}>{key}</kbd>}
          data-action="pause-ready"
          {...unavailable(why !== null || checking)}
          aria-keyshortcuts={ariaChord(key)}
          onClick={() => why === null && !checking && run('pause-ready')}
        >
          {checking ? t('phone.echo.checking') : label}
        </Button>
      </WhyNot>
      <PauseMenu state={state} />
    </div>
  )
}
