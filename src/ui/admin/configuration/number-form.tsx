import { Button, NativeSelect, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import {
  type AnswerAt,
  closingGraceBounds,
  whenClosed,
  type Configuration,
  type NumberSetting,
} from '../../../core/configuration/schema.ts'
import { answersAt, bounds } from '../../../core/rules.ts'
import { useFocus } from '../../shared/use-focus.ts'
import { BoundedNumber } from './bounded-number.tsx'
import { formsIn, formsText } from './draft.ts'
import type { Faults } from './faults.ts'
import { optionsOf } from './options.ts'
import { MenusNeverHeard } from './reading/menus-never-heard.tsx'
import { NumberWordsFields } from './words/number-words.tsx'
import styles from './configuration.module.css'

interface NumberFormProps {
  readonly number: NumberSetting
  readonly document: Configuration
  /** The setting of the server. */
  readonly serverAnswer: AnswerAt
  readonly at: string
  readonly faults: Faults
  /** It has just been added. */
  readonly isNew: boolean
  readonly change: (number: NumberSetting) => void
  readonly remove: () => void
}

const digits = (text: string): string => text.replaceAll(/[^\d]/g, '')

export function NumberForm(props: NumberFormProps) {
  const { number, document, serverAnswer, at, faults, isNew, change, remove } = props
  const { t } = useTranslation()
  const first = useFocus<HTMLInputElement>(isNew)
  const [typed, setTyped] = useState('')
  const { hours: _hours, ...withoutHours } = number
  const { menu = '', ...withoutMenu } = number
  const { closed = 'message', ...withoutClosed } = number
  const { answer = '', ...withoutAnswer } = number
  const { closingGraceMinutes, ...withoutGrace } = number
  const { menus = [] } = document
  const others = number.also.map((_, index) => faults.of(`${at}.also[${index}]`)).find((one) => one !== null)
  return (
    <div className={styles['form']}>
      <h2>
        {number.number === ''
          ? t('configuration.new.numbers')
          : t('configuration.of.numbers', { name: number.number })}
      </h2>
      <TextInput
        label={t('configuration.fields.number')}
        description={t('configuration.hint.number')}
        value={number.number}
        error={faults.of(`${at}.number`)}
        inputMode="numeric"
        autoComplete="off"
        maxLength={20}
        ref={first}
        onChange={(event) => change({ ...number, number: digits(event.currentTarget.value) })}
        data-field="number"
      />
      <TextInput
        label={t('configuration.fields.name')}
        description={t('configuration.hint.numberName')}
        value={number.name}
        error={faults.of(`${at}.name`)}
        autoComplete="off"
        maxLength={60}
        onChange={(event) => change({ ...number, name: event.currentTarget.value })}
        data-field="name"
      />
      <NativeSelect
        label={t('configuration.fields.queue')}
        value={number.queue}
        error={faults.of(`${at}.queue`)}
        data={optionsOf(document.queues, number.queue, t('configuration.nameless'))}
        onChange={(event) => change({ ...number, queue: event.currentTarget.value })}
        data-field="queue"
      />
      {(menus.length > 0 || menu !== '') && (
        <NativeSelect
          label={t('configuration.fields.menu')}
          description={t('configuration.hint.menu')}
          value={menu}
          error={faults.of(`${at}.menu`)}
          data={[
            { value: '', label: t('configuration.menu.none') },
            ...optionsOf(menus, number.menu, t('configuration.nameless')),
          ]}
          onChange={(event) => {
            const { value } = event.currentTarget
            change(value === '' ? withoutMenu : { ...number, menu: value })
          }}
          data-field="menu"
        />
      )}
      <MenusNeverHeard document={document} numbers={[number]} answer={serverAnswer} />
      <NativeSelect
        label={t('configuration.fields.hours')}
        description={t('configuration.hint.hours')}
        value={number.hours ?? ''}
        error={faults.of(`${at}.hours`)}
        data={[
          { value: '', label: t('configuration.usualHours') },
          ...optionsOf(document.hours, number.hours, t('configuration.nameless')),
        ]}
        onChange={(event) => {
          const { value } = event.currentTarget
          change(value === '' ? withoutHours : { ...number, hours: value })
        }}
        data-field="hours"
      />
      <NativeSelect
        label={t('configuration.fields.closed')}
        description={t('configuration.hint.closed')}
        value={closed}
        data={whenClosed.map((value) => ({ value, label: t(`configuration.whenClosed.${value}`) }))}
        onChange={(event) => {
          const chosen = whenClosed.find((value) => value === event.currentTarget.value) ?? 'message'
          change(chosen === 'message' ? withoutClosed : { ...number, closed: chosen })
        }}
        data-field="closed"
      />
      <BoundedNumber
        field="closingGraceMinutes"
        label={t('configuration.fields.closingGraceMinutes')}
        description={t('configuration.hint.closingGraceMinutes')}
        value={closingGraceMinutes}
        bounds={closingGraceBounds}
        change={(minutes) => change({ ...number, closingGraceMinutes: minutes })}
        clear={() => change(withoutGrace)}
      />
      <NativeSelect
        label={t('configuration.fields.answer')}
        description={t('configuration.hint.answer', { seconds: bounds.answerAtLatestMs / 1_000 })}
        value={answer}
        data={[
          {
            value: '',
            label: t('configuration.answered.usual', { answer: t(`configuration.answered.${serverAnswer}`) }),
          },
          ...answersAt.map((value) => ({ value, label: t(`configuration.answered.${value}`) })),
        ]}
        onChange={(event) => {
          const chosen = answersAt.find((value) => value === event.currentTarget.value)
          change(chosen === undefined ? withoutAnswer : { ...number, answer: chosen })
        }}
        data-field="answer"
      />
      <TextInput
        label={t('configuration.fields.also')}
        description={t('configuration.hint.also')}
        value={formsText(typed, number.also)}
        error={faults.of(`${at}.also`) ?? others ?? null}
        autoComplete="off"
        onChange={(event) => {
          const { value } = event.currentTarget
          setTyped(value)
          change({ ...number, also: formsIn(value) })
        }}
        data-field="also"
      />
      <NumberWordsFields number={number} at={at} faults={faults} change={change} />
      <Button variant="default" onClick={remove} data-action="remove">
        {t('configuration.remove.numbers')}
      </Button>
    </div>
  )
}
