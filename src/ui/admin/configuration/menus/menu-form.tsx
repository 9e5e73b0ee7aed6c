import { Button, NativeSelect, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { menuKeys, type FurtherLanguage, type MenuKey } from '../../../../core/configuration/menu.ts'
import {
  menuTextMax,
  type AnswerAt,
  type Configuration,
  type MenuSetting,
} from '../../../../core/configuration/schema.ts'
import { useFocus } from '../../../shared/use-focus.ts'
import type { Faults } from '../faults.ts'
import { NumberChoices } from '../number-choices.tsx'
import { MenusNeverHeard } from '../reading/menus-never-heard.tsx'
import { AddLanguage } from '../words/add-language.tsx'
import { LanguageField } from '../words/language-field.tsx'
import { useFurther } from '../words/use-further.ts'
import { optionOf, targetIn, targetOptions } from './key-targets.ts'
import styles from '../configuration.module.css'
import menuStyles from './menus.module.css'

interface MenuFormProps {
  readonly menu: MenuSetting
  readonly document: Configuration
  /** The setting of the server, for numbers without their own. */
  readonly serverAnswer: AnswerAt
  readonly at: string
  readonly faults: Faults
  /** It has just been added. */
  readonly isNew: boolean
  readonly change: (menu: MenuSetting) => void
  /** Which menu its callers hear is a field of the number. */
  readonly changeNumbers: (numbers: Configuration['numbers']) => void
  readonly remove: () => void
}

const repeats = ['0', '1', '2', '3']

export function MenuForm(props: MenuFormProps) {
  const { menu, document, serverAnswer, at, faults, isNew, change, changeNumbers, remove } = props
  const { t } = useTranslation()
  const first = useFocus<HTMLInputElement>(isNew)
  const languages = useFurther(document)
  return (
    <div className={styles['form']}>
      <h2>
        {menu.name.trim() === ''
          ? t('configuration.new.menus')
          : t('configuration.of.menus', { name: menu.name })}
      </h2>
      <TextInput
        label={t('configuration.fields.name')}
        description={t('configuration.hint.menuName')}
        value={menu.name}
        error={faults.of(`${at}.name`) ?? faults.of(`${at}.id`)}
        autoComplete="off"
        maxLength={60}
        ref={first}
        onChange={(event) => change({ ...menu, name: event.currentTarget.value })}
        data-field="name"
      />
      <NumberChoices document={document} of="menu" id={menu.id} change={changeNumbers} />
      <MenusNeverHeard
        document={document}
        numbers={document.numbers.filter((number) => number.menu === menu.id)}
        answer={serverAnswer}
      />
      <MenuTexts menu={menu} of={languages} at={`${at}.says`} faults={faults} change={change} />
      <KeyFields
        menu={menu}
        document={document}
        further={languages.further}
        at={at}
        faults={faults}
        change={change}
      />
      <NativeSelect
        label={t('configuration.menu.withoutKey')}
        description={t('configuration.hint.withoutKey')}
        value={String(menu.repeats)}
        data={repeats.map((count) => ({
          value: count,
          label: t('configuration.menu.repeated', { count: Number(count) }),
        }))}
        onChange={(event) => change({ ...menu, repeats: Number(event.currentTarget.value) })}
        data-field="repeats"
      />
      <Button variant="default" onClick={remove} data-action="remove">
        {t('configuration.remove.menus')}
      </Button>
    </div>
  )
}

/** In Romanian, in English, and in the further languages. */
function MenuTexts({
  menu,
  of: { further, added, add },
  at,
  faults,
  change,
}: Pick<MenuFormProps, 'menu' | 'at' | 'faults' | 'change'> & {
  readonly of: ReturnType<typeof useFurther>
}) {
  const { t } = useTranslation()
  const hints = { ro: t('configuration.hint.menuRo'), en: t('configuration.hint.menuEn') }
  return (
    <>
      {(['ro', 'en', ...further] as const).map((language) => (
        <LanguageField
          key={language}
          language={language}
          words={menu.says}
          at={at}
          maxLength={menuTextMax}
          hint={
            language === 'ro' || language === 'en' ? hints[language] : t('configuration.hint.menuFurther')
          }
          faults={faults}
          isNew={language === added}
          change={(says) => change({ ...menu, says })}
        />
      ))}
      <AddLanguage shown={further} add={add} />
    </>
  )
}

/** All twelve, as on a telephone. */
function KeyFields({
  menu,
  document,
  further,
  at,
  faults,
  change,
}: Pick<MenuFormProps, 'menu' | 'document' | 'at' | 'faults' | 'change'> & {
  readonly further: readonly FurtherLanguage[]
}) {
  const { t } = useTranslation()
  const fault = faults.of(`${at}.keys`)
  const put = (key: MenuKey, option: string): void => {
    const { [key]: _before, ...others } = menu.keys
    const target = targetIn(option)
    change({ ...menu, keys: target === undefined ? others : { ...others, [key]: target } })
  }
  return (
    <fieldset className={menuStyles['keys']}>
      <legend>{t('configuration.menu.keys')}</legend>
      <p className={menuStyles['hint']}>{t('configuration.hint.keys')}</p>
      {fault !== null && (
        <p className={styles['problem']} role="alert">
          {fault}
        </p>
      )}
      {menuKeys.map((key) => {
        const target = menu.keys[key]
        const wrong =
          faults.of(`${at}.keys.${key}.queue`) ??
          faults.of(`${at}.keys.${key}.voicemail`) ??
          faults.of(`${at}.keys.${key}.menu`) ??
          // A whole menu's fault leads to the first key, which may mend it.
          (fault !== null && key === menuKeys[0])
        return (
          <div key={key} className={menuStyles['key']}>
            <kbd aria-hidden="true">{key}</kbd>
            <NativeSelect
              size="xs"
              aria-label={t('configuration.menu.key', { key })}
              value={optionOf(target)}
              error={wrong}
              data={targetOptions(target, { menu, document, further }, t)}
              onChange={(event) => put(key, event.currentTarget.value)}
              data-key={key}
            />
          </div>
        )
      })}
    </fieldset>
  )
}
