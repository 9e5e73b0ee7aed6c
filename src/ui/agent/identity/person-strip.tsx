import { useTranslation } from 'react-i18next'
import { Icon, type IconName } from '../../shared/components/icon.tsx'
import { useStore } from '../../shared/store.ts'
import { ariaChord } from '../keys/chords.ts'
import { useKey } from '../keys/use-keys.ts'
import { check, showPerson, startAnother } from './check-desk.ts'
import { nextPerson, type CheckedPerson, type PersonStep } from './check-screen.ts'
import styles from './identity.module.css'

/** Of a masked identifier, such as "1******1233". */
const shownDigits = 4

const icons: Readonly<Record<PersonStep['name'], IconName>> = {
  granted: 'ready',
  'to confirm': 'warning',
  'run out': 'clock',
}

/** The persons checked in this call, masked, and which of them is shown. */
export function PersonStrip() {
  const { t } = useTranslation()
  const state = useStore(check)
  const another = useKey('another-person')
  const next = useKey('next-person')
  const following = nextPerson(state)
  return (
    <div className={styles['persons']} data-persons>
      <ul aria-label={t('identity.persons.label')}>
        {state.people.map(({ step, who }, index) => (
          <li key={step.handle}>
            <button
              type="button"
              aria-pressed={step.handle === state.shown}
              data-person={step.name}
              onClick={() => showPerson(step.handle)}
            >
              <Icon name={icons[step.name]} size={16} />
              <Name who={who} index={index} />
              <span className={styles['personState']}>{t(`identity.persons.${step.name}`)}</span>
              {step.handle === following && step.handle !== state.shown && <kbd>{next}</kbd>}
            </button>
          </li>
        ))}
      </ul>
      <button
        type="button"
        aria-pressed={state.shown === null}
        aria-keyshortcuts={ariaChord(another)}
        data-action="another-person"
        onClick={startAnother}
      >
        {t('identity.persons.another')} <kbd>{another}</kbd>
      </button>
    </div>
  )
}

function Name({ who, index }: { readonly who: CheckedPerson['who']; readonly index: number }) {
  const { t } = useTranslation()
  if (who === null) return <span>{t('identity.persons.unnamed', { number: index + 1 })}</span>
  const masked = t(who.kind === 'person' ? 'taxes.cnp' : 'taxes.cui', {
    masked: `…${who.maskedIdentifier.slice(-shownDigits)}`,
  })
  return (
    <span>
      {who.initials} · {masked}
    </span>
  )
}
