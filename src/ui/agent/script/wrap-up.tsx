import { Button } from '@mantine/core'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { WrapUpForm } from '../../../http/calls/wire.ts'
import { useCallDetail } from '../../calls/use-calls.ts'
import { ownWrapUp } from '../../calls/wrap-up-parts.ts'
import { extendByMs } from '../../../http/session/wire.ts'
import { useMe } from '../../shared/server/me.ts'
import { clock } from '../../shared/time/time.ts'
import { useStore } from '../../shared/store.ts'
import type { DeskState } from '../desk-state.ts'
import { ariaChord, type KeyAction } from '../keys/chords.ts'
import { useKey } from '../keys/use-keys.ts'
import { useWhyNot } from '../use-desk.ts'
import { draftsOf } from './drafts.ts'
import { useProposal } from './proposals.ts'
import { useWrapUpFocus } from './use-wrap-up-focus.ts'
import { WrapUpFields } from './wrap-up-fields.tsx'
import { unavailable } from '../../shared/components/unavailable.ts'
import styles from './script-zone.module.css'

interface WrapUpProps {
  readonly callId: string
  readonly state: DeskState
  readonly run: (action: KeyAction) => void
}

/** The wrap-up form: code, subject, justified or why not, resolution. An empty field is stored as "unstated". */
export function WrapUp({ callId, state, run }: WrapUpProps) {
  const { t, i18n } = useTranslation()
  const me = useMe()
  const { data: call } = useCallDetail(callId, { insist: true })
  const { wrapUp } = draftsOf(callId)
  const saved = useStore(wrapUp.store)
  const proposal = useProposal(callId)
  const key = useKey('save')
  const extendKey = useKey('extend')
  const whyNot = useWhyNot(state)
  const stale = whyNot('save')
  const fixed = whyNot('extend')
  const form = saved.value
  const change = (part: Partial<WrapUpForm>): void => wrapUp.change({ ...form, ...part })
  const ending = state.name === 'wrap-up'
  const box = useRef<HTMLFormElement>(null)
  useWrapUpFocus(box, ending)
  return (
    <form
      ref={box}
      className={styles['form']}
      aria-label={t('desk.wrapUp.title')}
      data-wrap-up
      onSubmit={(event) => event.preventDefault()}
    >
      <WrapUpFields
        form={form}
        change={change}
        queue={call?.queue ?? null}
        kept={call === undefined ? null : ownWrapUp(call, me.id)}
        proposed={form.resolution === 'unstated' ? (proposal?.resolution ?? null) : null}
      />
      <div className={styles['end']}>
        <Button
          data-action="save"
          {...unavailable(stale !== null)}
          title={stale === null ? undefined : t(`desk.why.${stale}`)}
          aria-keyshortcuts={ariaChord(key)}
          rightSection={<kbd className={styles['key']}>{key}</kbd>}
          variant={ending ? 'filled' : 'default'}
          onClick={() => stale === null && run('save')}
        >
          {ending ? t('desk.wrapUp.finish') : t('desk.wrapUp.save')}
        </Button>
        {state.name === 'wrap-up' && (
          <Button
            variant="default"
            data-action="extend"
            px={10}
            {...unavailable(fixed !== null)}
            title={fixed === null ? t('desk.wrapUp.extendHint') : t(`desk.why.${fixed}`)}
            onClick={() => fixed === null && run('extend')}
            aria-keyshortcuts={ariaChord(extendKey)}
            rightSection={<kbd className={styles['key']}>{extendKey}</kbd>}
          >
            {t('desk.wrapUp.extend', { seconds: extendByMs / 1_000 })}
            <span className="spoken-only">{t('desk.wrapUp.extendHint')}</span>
          </Button>
        )}
      </div>
      <output className={styles['kept']}>
        {saved.status === 'failed'
          ? t('desk.notes.failed')
          : saved.savedAt !== null && t('desk.wrapUp.saved', { time: clock(saved.savedAt, i18n.language) })}
      </output>
    </form>
  )
}
