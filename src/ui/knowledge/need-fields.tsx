import { Button, NativeSelect, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { completeList } from '../../core/complete-list.ts'
import type { DraftNeed, NeedForm } from './draft.ts'
import styles from './knowledge.module.css'

interface NeedFieldsProps {
  readonly needs: readonly DraftNeed[]
  readonly change: (needs: readonly DraftNeed[]) => void
}

const forms = completeList<NeedForm>()(['original', 'copy', 'both'])

/** The documents that the citizen has to bring, one row each. */
export function NeedFields({ needs, change }: NeedFieldsProps) {
  const { t } = useTranslation()
  const set = (key: number, part: Partial<DraftNeed>): void =>
    change(needs.map((need) => (need.key === key ? { ...need, ...part } : need)))
  const add = (): void => {
    const key = Math.max(0, ...needs.map((need) => need.key)) + 1
    change([...needs, { key, what: '', form: 'original', count: '1' }])
  }
  return (
    <fieldset className={styles['needs']}>
      <legend className={styles['heading']}>{t('papers.needs')}</legend>
      {needs.map(({ key, what, form, count }, index) => (
        <div key={key} className={styles['need']} data-need>
          <TextInput
            aria-label={`${t('papers.edit.need')} ${index + 1}`}
            value={what}
            onChange={(event) => set(key, { what: event.currentTarget.value })}
          />
          <NativeSelect
            aria-label={`${t('papers.edit.needForm')} ${index + 1}`}
            value={form}
            data={forms.map((value) => ({ value, label: t(`papers.edit.forms.${value}`) }))}
            onChange={(event) => {
              const chosen = forms.find((one) => one === event.currentTarget.value)
              if (chosen !== undefined) set(key, { form: chosen })
            }}
          />
          <TextInput
            type="number"
            min={1}
            max={99}
            aria-label={`${t('papers.edit.count')} ${index + 1}`}
            value={count}
            onChange={(event) => set(key, { count: event.currentTarget.value })}
          />
          <Button
            variant="subtle"
            aria-label={t('papers.edit.removeNeed', { number: index + 1 })}
            onClick={() => change(needs.filter((need) => need.key !== key))}
          >
            ✕
          </Button>
        </div>
      ))}
      <div>
        <Button variant="default" size="compact-md" onClick={add} data-action="add-need">
          {t('papers.edit.addNeed')}
        </Button>
      </div>
    </fieldset>
  )
}
