import { Textarea } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { pointless, type outboundLists } from '../../../../core/configuration/outbound.ts'
import { calledNumbersMax } from '../../../../core/configuration/schema.ts'
import type { Faults } from '../faults.ts'
import { numbersIn, numbersText, readAs } from './outbound-words.ts'
import styles from './outbound.module.css'

interface CalledNumbersProps {
  readonly list: (typeof outboundLists)[number]
  readonly numbers: readonly string[]
  readonly faults: Faults
  readonly change: (numbers: string[]) => void
}

/** Numbers as they are typed, and how each one is read. */
export function CalledNumbers({ list, numbers, faults, change }: CalledNumbersProps) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState('')
  const idle = pointless(numbers)
  const hasTooMany = numbersIn(typed).length > calledNumbersMax
  const wrong = numbers.flatMap((one, index) => {
    const fault = faults.of(`outbound.${list}[${index}]`)
    return fault === null ? [] : [`${one}: ${fault}`]
  })
  return (
    <div>
      <Textarea
        label={t(`outboundRules.fields.${list}`)}
        description={t(`outboundRules.hint.${list}`)}
        value={hasTooMany ? typed : numbersText(typed, numbers)}
        error={hasTooMany ? t('outboundRules.tooMany', { max: calledNumbersMax }) : wrong.join(' ') || null}
        autosize
        minRows={2}
        maxRows={8}
        spellCheck={false}
        onChange={(event) => {
          const text = event.currentTarget.value
          setTyped(text)
          if (numbersIn(text).length <= calledNumbersMax) change(numbersIn(text))
        }}
        data-field={list}
      />
      {wrong.length === 0 && numbers.length > 0 && (
        <ul className={styles['read']} data-read={list}>
          {numbers.map((one, index) => (
            <li key={index}>
              {readAs(one, t)}
              {idle.includes(one) && <em>{t('outboundRules.pointless')}</em>}
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
