import { Button, TextInput } from '@mantine/core'
import { useEffect, useRef, useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { focusUnlessTyping } from '../work/focus-unless-typing.ts'
import { previousQuestion, answerQuestion, submitAnswers } from './check-desk.ts'
import { questionNow, type CheckScreen } from './check-screen.ts'
import { questionText } from './question-texts.ts'
import styles from './identity.module.css'

interface QuestionFormProps {
  readonly screen: Extract<CheckScreen, { name: 'asking' }>
  readonly busy: boolean
}

/**
 * One question at a time, which the agent reads aloud word for word. The verdict comes only after the last
 * answer.
 */
export function QuestionForm({ screen, busy }: QuestionFormProps) {
  const { t } = useTranslation()
  const { questions, said, lastAttempt } = screen
  const question = questionNow(screen)
  const of = { count: Math.min(said.length + 1, questions.length), total: questions.length }
  return (
    <div className={styles['form']}>
      <p className={styles['quiet']}>
        {t('identity.question.of', { at: of.count, total: of.total })}
        {lastAttempt && ` · ${t('identity.question.last')}`}
      </p>
      {question === undefined ? (
        <>
          <output className={styles['verdict']}>{busy ? t('identity.question.judging') : ''}</output>
          {!busy && <Unsent />}
        </>
      ) : (
        <Answer key={`${screen.check} ${question.id}`} screen={screen} question={question} />
      )}
    </div>
  )
}

/** All are answered, but the answers have not arrived. */
function Unsent() {
  const { t } = useTranslation()
  const retry = useRef<HTMLButtonElement>(null)
  useEffect(() => focusUnlessTyping(retry.current), [])
  return (
    <>
      <p className={styles['note']}>{t('identity.question.unsent')}</p>
      <div className={styles['buttons']}>
        <Button ref={retry} onClick={() => void submitAnswers()} data-action="send-answers">
          {t('common.retry')}
        </Button>
        <Button variant="subtle" onClick={previousQuestion}>
          {t('identity.question.back')}
        </Button>
      </div>
    </>
  )
}

interface AnswerProps {
  readonly screen: QuestionFormProps['screen']
  readonly question: QuestionFormProps['screen']['questions'][number]
}

function Answer({ screen, question }: AnswerProps) {
  const { t } = useTranslation()
  const words = questionText(question, t)
  const [text, setText] = useState('')
  const field = useRef<HTMLInputElement>(null)
  // A new key for each question moves the focus to its field.
  useEffect(() => focusUnlessTyping(field.current), [])

  function submit(event: FormEvent): void {
    event.preventDefault()
    if (text.trim() !== '') void answerQuestion(text.trim())
  }

  return (
    <form onSubmit={submit} autoComplete="off">
      <label className={styles['question']} htmlFor="answer" data-question={question.topic}>
        {words.question}
      </label>
      <TextInput
        id="answer"
        ref={field}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        placeholder={words.hint}
        maxLength={200}
        autoComplete="off"
        spellCheck={false}
        data-search
      />
      <div className={styles['buttons']}>
        <Button type="submit" disabled={text.trim() === ''} data-action="answer-question">
          {t('identity.question.next')}
        </Button>
        <Button variant="default" onClick={() => void answerQuestion('')} data-action="does-not-know">
          {t('identity.question.doesNotKnow')}
        </Button>
        {screen.said.length > 0 && (
          <Button variant="subtle" onClick={previousQuestion}>
            {t('identity.question.back')}
          </Button>
        )}
      </div>
    </form>
  )
}
