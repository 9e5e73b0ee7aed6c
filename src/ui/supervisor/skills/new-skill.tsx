import { Button, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { folded } from '../../shared/folded.ts'
import styles from './skills.module.css'

interface NewSkillProps {
  readonly known: readonly string[]
  readonly add: (skill: string) => void
}

/** A column for a skill that a queue shall ask for later. It is kept with the first level in it. */
export function NewSkill({ known, add }: NewSkillProps) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState('')
  // As the configuration's check has it.
  const skill = folded(typed)
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^[^a-z]+|-+$/g, '')
    .slice(0, 40)
  return (
    <form
      className={styles['tools']}
      onSubmit={(event) => {
        event.preventDefault()
        if (skill === '' || known.includes(skill)) return
        add(skill)
        setTyped('')
      }}
    >
      <TextInput
        aria-label={t('skills.newSkill')}
        placeholder={t('skills.newSkill')}
        value={typed}
        maxLength={40}
        onChange={(event) => setTyped(event.currentTarget.value)}
        data-field="new-skill"
      />
      <Button type="submit" variant="default" data-action="add-skill">
        {t('skills.addSkill')}
      </Button>
    </form>
  )
}
