import { Button, NativeSelect, Textarea, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { completeList } from '../../../core/complete-list.ts'
import type { AddStatus, RequestDetail } from '../../../http/requests/wire.ts'
import { FormProblem } from '../../requests/form-problem.tsx'
import { RequestRecord } from '../../agent/requests/request-record.tsx'
import { useCatalogue, useRequest } from '../../requests/use-requests.ts'
import { api } from '../../shared/server/api.ts'
import { acceptText } from '../../shared/unsaved/kept-values.ts'
import { KeptLine } from '../../shared/unsaved/kept-line.tsx'
import { useKept } from '../../shared/unsaved/use-kept.ts'
import { useNow } from '../../shared/time/now.ts'
import { today } from '../../shared/time/time.ts'
import { toldOf, type Extension } from './extension.ts'
import { ExtensionFields } from './extension-fields.tsx'
import styles from './requests-page.module.css'

type Kind = AddStatus['kind']

const whileOpen = completeList<Exclude<Kind, 'reopened'>>()([
  'in progress',
  'extended',
  'redirected',
  'joined',
  'answered',
  'filed',
])

/** The steps that require words on record, and what these are. */
const noteLabels: Readonly<
  Partial<Record<Kind | '', 'requests.page.reason' | 'requests.page.answerText' | 'requests.page.ground'>>
> = {
  extended: 'requests.page.reason',
  answered: 'requests.page.answerText',
  filed: 'requests.page.ground',
}

/** One request and the form for its next status. Each status is a new row; earlier ones stay. */
export function RequestSteps({ id }: { readonly id: string }) {
  const request = useRequest(id, null)
  return (
    <>
      <RequestRecord id={id} opened={null} call={null} />
      {request !== undefined && <NextStep request={request} key={request.history.length} />}
    </>
  )
}

function NextStep({ request }: { readonly request: RequestDetail }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const departments = useCatalogue()?.departments ?? []
  const [kind, setKind] = useState<Kind | ''>('')
  const [extension, setExtension] = useState<Extension>({ days: 15, by: '', on: '' })
  const told = toldOf(extension, request, today(useNow()))
  const [text, setText] = useState('')
  const basis = String(request.history.length)
  const form = useKept({
    name: `step of ${request.id}`,
    basis,
    initial: '',
    accept: acceptText,
    where: 'tab',
  })
  const note = form.value
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const steps: readonly Kind[] = request.dueness === 'closed' ? ['reopened'] : whileOpen

  async function add(): Promise<void> {
    if (kind === '') return
    setBusy(true)
    try {
      await api('POST', `/requests/${request.id}/statuses`, {
        ...stepOf(kind, extension.days, told, text),
        note,
      })
      form.sent()
      await client.invalidateQueries({ queryKey: ['requests'] })
    } catch (refused) {
      setError(refused)
      setBusy(false)
    }
  }

  return (
    <form className={styles['step']} onSubmit={(event) => event.preventDefault()} data-next-step>
      <h4>{t('requests.page.change')}</h4>
      <NativeSelect
        label={t('requests.page.kind')}
        value={kind}
        onChange={(event) => {
          setKind(steps.find((one) => one === event.currentTarget.value) ?? '')
          // The text belongs to the previous kind and its field may be hidden now.
          setText('')
        }}
        data={[
          { value: '', label: t('requests.page.choose') },
          ...steps.map((one) => ({ value: one, label: t(`requests.statusKinds.${one}`) })),
        ]}
        data-step
      />
      {kind === 'extended' && (
        <ExtensionFields
          request={request}
          value={extension}
          change={(part) => setExtension({ ...extension, ...part })}
        />
      )}
      {kind === 'in progress' && (
        <NativeSelect
          label={t('requests.page.newDepartment')}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          data={[
            { value: '', label: request.department },
            ...departments.filter((one) => one !== request.department),
          ]}
        />
      )}
      {(kind === 'redirected' || kind === 'joined') && (
        <TextInput
          label={t(kind === 'joined' ? 'requests.page.to' : 'requests.page.authority')}
          description={kind === 'redirected' ? t('requests.page.redirectBy') : undefined}
          value={text}
          maxLength={kind === 'joined' ? 60 : 200}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      )}
      <Textarea
        label={t(noteLabels[kind] ?? 'requests.page.note')}
        required={noteLabels[kind] !== undefined}
        value={note}
        rows={3}
        maxLength={4_000}
        onChange={(event) => form.change(event.currentTarget.value)}
        data-note
      />
      {form.broughtBackAt !== null && (
        <KeptLine form={form} basis={basis} changedMeanwhile={t('requests.page.changedMeanwhile')} />
      )}
      <FormProblem error={error} />
      <Button
        onClick={() => void add()}
        disabled={
          kind === '' ||
          (noteLabels[kind] !== undefined && note.trim() === '') ||
          (kind === 'extended' && told === null)
        }
        loading={busy}
        data-action="add-step"
      >
        {t('requests.page.save')}
      </Button>
    </form>
  )
}

function stepOf(kind: Kind, days: number, told: AddStatus['told'] | null, text: string): AddStatus {
  switch (kind) {
    case 'extended':
      return { kind, days, ...(told != null && { told }) }
    case 'redirected':
      return { kind, authority: text.trim() }
    case 'joined':
      return { kind, to: text.trim() }
    case 'in progress':
      return text === '' ? { kind } : { kind, department: text }
    case 'answered':
    case 'filed':
    case 'reopened':
      return { kind }
  }
}
