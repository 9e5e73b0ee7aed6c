import { useTranslation } from 'react-i18next'
import { isSupervisor, useMe } from '../../shared/server/me.ts'
import { useOfferedPauses, usePauseName } from '../../shared/pause-names.ts'
import { useStore } from '../../shared/store.ts'
import { leaveFor } from '../../shared/unsaved/shown-once.ts'
import type { DeskAction } from '../desk-actions.ts'
import { pause } from '../desk-commands.ts'
import { dialEcho } from '../phone/phone.ts'
import { callIdOf, conversationOf, type DeskState } from '../desk-state.ts'
import { useDeskState, useWhyNot } from '../use-desk.ts'
import { goToPane, onDesk, openPane } from '../work/open-pane.ts'
import { isPossible } from '../work/pane-actions.ts'
import { panes } from '../work/panes.tsx'
import { isOfPerson, keyActions, type KeyAction } from './chords.ts'
import { keyMap } from './key-map.ts'

export interface Command {
  readonly id: string
  readonly label: string
  readonly key: string | null
  /** The reason why it is not possible now; null: it is. */
  readonly why: string | null
  readonly run: () => void
}

/** The keys whose action may be impossible in the current state. */
const ruled = [
  'answer',
  'hang-up',
  'mute',
  'hold',
  'transfer',
  'three-way',
  'hand-over',
  'end-consult',
  'interpreter',
  'ask-help',
  'recording',
  'keypad',
  'save',
  'pause-ready',
  'extend',
] as const satisfies readonly (KeyAction & DeskAction)[]

/** The keys that do nothing while there is nothing for them on the desk. */
const ofContent = ['told', 'complain', 'in-words', 'next-person', 'unfinished'] as const

function hasContent(action: (typeof ofContent)[number], state: DeskState): boolean {
  switch (action) {
    case 'told':
    case 'complain':
      return openPane.get() === 'requests' && isPossible(action)
    case 'in-words':
    case 'next-person':
      return isPossible(action)
    case 'unfinished':
      // On another screen the desk is opened first.
      return callIdOf(state) === null
  }
}

export function useCommands(run: (action: KeyAction) => void): readonly Command[] {
  const { t } = useTranslation()
  const me = useMe()
  const offered = useOfferedPauses()
  const pauseName = usePauseName()
  const map = useStore(keyMap)
  const state = useDeskState()
  const whyNot = useWhyNot(state)
  const reason = (action: DeskAction | undefined): string | null => {
    const why = action === undefined ? null : whyNot(action)
    return why === null ? null : t(`desk.why.${why}`)
  }
  const lack = (action: KeyAction): string | null => {
    const known = ofContent.find((one) => one === action)
    return known === undefined || hasContent(known, state) ? null : t(`keys.palette.lacks.${known}`)
  }
  return [
    ...keyActions
      .filter((action) => action !== 'palette')
      .map((action) => ({
        id: action,
        label: t(`keys.actions.${action}`),
        key: map[action],
        why:
          isOfPerson(action) && conversationOf(state) === null
            ? t('desk.why.noCall')
            : (reason(ruled.find((one) => one === action)) ?? lack(action)),
        run: () => run(action),
      })),
    ...offered.map(({ id }) => ({
      ...plain(`pause-${id}`, t('desk.state.paused', { reason: pauseName(id) }), () => void pause(id)),
      why: reason('pause-reason'),
    })),
    plain('echo', t('keys.palette.echo'), () => void dialEcho('echo')),
    ...(isSupervisor(me) ? [plain('board', t('keys.palette.board'), () => leaveFor('/board'))] : []),
    plain('calls', t('keys.palette.calls'), () => leaveFor('/calls')),
    ...panes.map(({ name }) =>
      plain(`pane-${name}`, t('keys.palette.pane', { name: t(`work.tabs.${name}`) }), () =>
        onDesk(() => goToPane(name)),
      ),
    ),
  ]
}

const plain = (id: string, label: string, run: () => void): Command => ({
  id,
  label,
  key: null,
  why: null,
  run,
})
