import { useState } from 'react'

/** The question that a key has asked for on a row, whose menu opens with it; `at` tells two presses of one key apart. */
export interface RowQuestion<Question> {
  readonly row: string
  readonly question: Question
  readonly at: number
}

/** The menu of one row: closed, with its actions (null), or with a question in their place. */
export function useRowMenu<Question>(asked: RowQuestion<Question> | null) {
  const [shown, setShown] = useState<{ readonly question: Question | null } | null>(null)
  const [seen, setSeen] = useState(asked)
  if (asked !== seen) {
    setSeen(asked)
    if (asked !== null) setShown({ question: asked.question })
  }
  return {
    opened: shown !== null,
    question: shown?.question ?? null,
    ask: (question: Question) => setShown({ question }),
    onChange: (opened: boolean) => setShown(opened ? { question: null } : null),
  }
}
