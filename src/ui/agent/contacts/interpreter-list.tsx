import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { ChoiceList } from '../../shared/components/choice-list.tsx'
import type { Interpreter } from './interpreters.ts'
import { callInterpreter, closeInterpreters } from './use-interpreter.ts'
import styles from './contacts.module.css'

interface InterpreterListProps {
  readonly interpreters: readonly Interpreter[]
  readonly offerId: string | null
}

/** Several interpreters, by language. */
export function InterpreterList({ interpreters, offerId }: InterpreterListProps) {
  const { t } = useTranslation()
  return (
    <ChoiceList question={t('desk.contacts.which')} data-interpreters>
      {interpreters.map(({ id, name, language }, index) => (
        <Button
          key={id}
          variant="default"
          size="sm"
          justify="space-between"
          data-autofocus={index === 0 || undefined}
          data-interpreter={id}
          rightSection={<span className={styles['fact']}>{name}</span>}
          onClick={() => {
            closeInterpreters()
            void callInterpreter(id, offerId)
          }}
        >
          {language}
        </Button>
      ))}
    </ChoiceList>
  )
}
