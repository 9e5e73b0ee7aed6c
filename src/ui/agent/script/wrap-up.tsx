import { Button, TextInput } from '@mantine/core'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { completeList } from '../../../core/complete-list.ts'
import type { WrapUpForm } from '../../../http/calls/wire.ts'
import { extendByMs } from '../../../http/session/wire.ts'
import { clock } from '../../shared/time/time.ts'
import { useStore } from '../../shared/store.ts'
import type { DeskState } from '../desk-state.ts'
import { ariaChord, type KeyAction } from '../keys/chords.ts'
import { useKey } from '../keys/use-keys.ts'
import { useWhyNot } from '../use-desk.ts'
import { Choice } from './choice.tsx'
import { draftsOf } from './drafts.ts'
import { useProposal } from './proposals.ts'
import { useWrapUpFocus } from './use-wrap-up-focus.ts'
import { unavailable } from '../../shared/components/unavailable.ts'
import styles from './script-zone.module.css'

const reasons = completeList<NonNullable<WrapUpForm['reason']>>()([
  'prank',
  'wrong number',
  'silence',
  'other',
])
const resolutions = completeList<Exclude<WrapUpForm['resolution'], 'unstated'>>()([
  'on the spot',
  'registered',
  'redirected',
  'none',
])

interface WrapUpProps {
  readonly callId: string
  readonly state: DeskState
  readonly run: (action: KeyAction) => void
}

/** The wrap-up form: subject, justified or why not, resolution. An empty field is stored as "unstated". */
export function WrapUp({ callId, state, run }: WrapUpProps) {
  const { t, i18n } = useTranslation()
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
      <TextInput
        classNames={{ root: styles['subject'], label: styles['label'], input: styles['line'] }}
        label={t('desk.wrapUp.subject')}
        placeholder={t('desk.wrapUp.subjectHint')}
        value={form.subject}
        maxLength={200}
        onChange={(event) => change({ subject: event.currentTarget.value })}
        data-subject
      />
      <Choice
        shape="row"
        label={t('desk.wrapUp.motivated')}
        value={form.motivated}
        options={[
          { value: 'yes', label: t('desk.wrapUp.yes') },
          { value: 'no', label: t('desk.wrapUp.no') },
        ]}
        choose={(motivated) => change({ motivated, reason: motivated === 'no' ? form.reason : null })}
      />
      <Choice
        shape="grid"
        // The row is always present: what follows must not move under the pointer.
        away={form.motivated !== 'no'}
        label={t('desk.wrapUp.why')}
        value={form.reason}
        options={reasons.map((value) => ({ value, label: t(`desk.wrapUp.reasons.${value}`) }))}
        choose={(reason) => change({ reason })}
      />
      <Choice
        shape="grid"
        label={t('desk.wrapUp.resolution')}
        value={form.resolution}
        proposed={form.resolution === 'unstated' ? (proposal?.resolution ?? null) : null}
        options={resolutions.map((value) => ({ value, label: t(`desk.wrapUp.resolutions.${value}`) }))}
        choose={(resolution) => change({ resolution })}
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
