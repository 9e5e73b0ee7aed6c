import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { LiveCallView } from '../../../http/live/wire.ts'
import { Icon, type IconName } from '../../shared/components/icon.tsx'
import { unavailable } from '../../shared/components/unavailable.ts'
import { WhyNot } from '../../shared/components/why-not.tsx'
import { useZoneKeepsFocus } from '../call/use-zone-keeps-focus.ts'
import type { DeskState } from '../desk-state.ts'
import { ariaChord } from '../keys/chords.ts'
import { useKey } from '../keys/use-keys.ts'
import { useWhyNot } from '../use-desk.ts'
import { useRun } from '../use-run.ts'
import { partiesOf, type PartyState } from './parties.ts'
import styles from './consult.module.css'

const icons: Readonly<Record<PartyState, IconName>> = {
  rings: 'ringing',
  talk: 'talking',
  music: 'held',
  room: 'people',
}

/** Both parties, one of whom is a colleague or a contact, with what they hear, and the ways on; going to and fro and the hand-over are among the call's buttons. */
export function ConsultStrip({ call, state }: { readonly call: LiveCallView; readonly state: DeskState }) {
  const { t } = useTranslation()
  const parties = partiesOf(call)
  if (parties === null || call.consult === null) return null
  return (
    <div className={styles['strip']} data-consult={call.consult.seat}>
      <Party name={t('desk.consult.caller')} state={parties.caller} party="caller" />
      <Party
        name={call.consult.with.name}
        state={parties.colleague}
        party="colleague"
        joins={call.consult.joins}
      />
      <div className={styles['ways']}>
        <Way action="three-way" label={t('desk.consult.join')} state={state} />
        <Way action="end-consult" label={t('desk.consult.end')} state={state} />
      </div>
    </div>
  )
}

interface PartyProps {
  readonly name: string
  readonly state: PartyState
  readonly party: 'caller' | 'colleague'
  readonly joins?: boolean
}

function Party({ name, state, party, joins = false }: PartyProps) {
  const { t } = useTranslation()
  return (
    <p className={styles['party']} data-party={party} data-hears={state}>
      <Icon name={icons[state]} size={16} />
      <span className={styles['name']}>{name}</span>
      <span>
        {t(joins && state === 'rings' ? 'desk.contacts.ringsToJoin' : `desk.consult.party.${state}`)}
      </span>
    </p>
  )
}

interface WayProps {
  readonly action: 'three-way' | 'end-consult'
  readonly label: string
  readonly state: DeskState
}

function Way({ action, label, state }: WayProps) {
  const { t } = useTranslation()
  const run = useRun()
  const key = useKey(action)
  const why = useWhyNot(state)(action)
  const button = useZoneKeepsFocus()
  return (
    <WhyNot reason={why === null ? null : t(`desk.why.${why}`)}>
      <Button
        ref={button}
        h={38}
        px={4}
        variant="default"
        data-action={action}
        {...unavailable(why !== null)}
        aria-keyshortcuts={ariaChord(key)}
        onClick={() => why === null && run(action)}
      >
        <span className={styles['way']}>
          <span>{label}</span>
          <kbd aria-hidden="true">{key}</kbd>
        </span>
      </Button>
    </WhyNot>
  )
}
