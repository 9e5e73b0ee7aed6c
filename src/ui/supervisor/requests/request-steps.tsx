import { NativeSelect, Textarea, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { completeList } from '../../../core/complete-list.ts'
import type { RequestDetail } from '../../../http/requests/wire.ts'
import { FormProblem } from '../../requests/form-problem.tsx'
import { RegisteredCard, SpokenNumbers } from '../../agent/requests/read-out/registered-card.tsx'
import { RequestRecord } from '../../agent/requests/request-record.tsx'
import { registeredHere } from '../../agent/requests/shown-request.ts'
import { useCatalogue, useRequest } from '../../requests/use-requests.ts'
import { BusyButton } from '../../shared/components/busy-button.tsx'
import { fieldProblems } from '../../shared/field-problems.ts'
import { api } from '../../shared/server/api.ts'
import { problemText } from '../../shared/server/problem-text.ts'
import { useStore } from '../../shared/store.ts'
import { acceptText } from '../../shared/unsaved/kept-values.ts'
import { KeptLine } from '../../shared/unsaved/kept-line.tsx'
import { useKept } from '../../shared/unsaved/use-kept.ts'
import { useNow } from '../../shared/time/now.ts'
import { today } from '../../shared/time/time.ts'
import { writtenDay } from '../../shared/time/typed-day.ts'
import { ExtensionFields } from './extension-fields.tsx'
import {
  blankStep,
  bodyOf,
  dayProblem,
  faultsOf,
  fieldOf,
  noteOf,
  type DayFault,
  type Step,
  type StepField,
  type StepKind,
} from './step.ts'
import styles from './requests-page.module.css'

const whileOpen = completeList<Exclude<StepKind, 'reopened'>>()([
  'in progress',
  'extended',
  'redirected',
  'joined',
  'answered',
  'filed',
])

/** One request and the form for its next status. Each status is a new row; earlier ones stay. */
export function RequestSteps({ id }: { readonly id: string }) {
  const request = useRequest(id, null)
  const [complaint, setComplaint] = useState<string | null>(null)
  const registered = useStore(registeredHere).find(({ readOut }) => readOut.id === complaint)
  return (
    <>
      {registered !== undefined && (
        <RegisteredCard registered={registered} key={complaint}>
          <SpokenNumbers registered={registered} call={null} keyed={false} />
        </RegisteredCard>
      )}
      <RequestRecord id={id} opened={null} call={null} keys={[]} complained={setComplaint} />
      {request !== undefined && <NextStep request={request} key={request.history.length} />}
    </>
  )
}

function NextStep({ request }: { readonly request: RequestDetail }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const departments = useCatalogue()?.departments ?? []
  const [parts, setParts] = useState(() => blankStep(request))
  const basis = String(request.history.length)
  const form = useKept({
    name: `step of ${request.id}`,
    basis,
    initial: '',
    accept: acceptText,
    where: 'tab',
  })
  const step: Step = { ...parts, note: form.value }
  const { kind } = step
  const change = (part: Partial<Omit<Step, 'note'>>): void => setParts({ ...parts, ...part })
  const [refused, setRefused] = useState<RefusedStep | null>(null)
  const box = useRef<HTMLFormElement>(null)
  const day = today(useNow())
  const { problem, count } = useProblems(request, step, day, refused)
  useEffect(() => {
    if (refused !== null) box.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus()
  }, [refused])
  // The law lets a term be extended once.
  const mayStep = (one: StepKind): boolean => one !== 'extended' || !request.extended
  const steps: readonly StepKind[] = request.dueness === 'closed' ? ['reopened'] : whileOpen.filter(mayStep)

  // The refusal belongs to the discarded text.
  function discard(): void {
    setRefused(null)
    form.discard()
  }

  const add = useMutation({
    mutationFn: (sent: Step & { readonly kind: StepKind }) =>
      api('POST', `/requests/${request.id}/statuses`, bodyOf(sent.kind, sent)),
    onSuccess: async () => {
      form.sent()
      await client.invalidateQueries({ queryKey: ['requests'] })
    },
    onError: (error, sent) => setRefused({ error, form: sent }),
  })
  function save(): void {
    if (kind === '' || Object.keys(faultsOf(step, request, day)).length > 0)
      return setRefused({ error: null, form: step })
    setRefused(null)
    add.mutate({ ...step, kind })
  }

  return (
    <form
      ref={box}
      className={styles['step']}
      onSubmit={(event) => event.preventDefault()}
      noValidate
      data-next-step
    >
      <h4>{t('requests.page.change')}</h4>
      <NativeSelect
        label={t('requests.page.kind')}
        value={kind}
        onChange={(event) => {
          change({ kind: steps.find((one) => one === event.currentTarget.value) ?? '' })
          // Another step lacks nothing before it is asked for.
          setRefused(null)
        }}
        data={[
          { value: '', label: t('requests.page.choose') },
          ...steps.map((one) => ({ value: one, label: t(`requests.statusKinds.${one}`) })),
        ]}
        error={problem('kind')}
        data-step
      />
      {kind === 'extended' && (
        <ExtensionFields request={request} today={day} step={step} change={change} problem={problem} />
      )}
      {kind === 'in progress' && (
        <NativeSelect
          label={t('requests.page.newDepartment')}
          value={step.department}
          onChange={(event) => change({ department: event.currentTarget.value })}
          data={[
            { value: '', label: request.department },
            ...departments.filter((one) => one !== request.department),
          ]}
        />
      )}
      {kind === 'redirected' && (
        <TextInput
          label={t('requests.page.authority')}
          description={t('requests.page.redirectBy')}
          value={step.authority}
          maxLength={200}
          required
          error={problem('authority')}
          onChange={(event) => change({ authority: event.currentTarget.value })}
          data-authority
        />
      )}
      {kind === 'joined' && (
        <TextInput
          label={t('requests.page.to')}
          value={step.to}
          maxLength={60}
          required
          error={problem('to')}
          onChange={(event) => change({ to: event.currentTarget.value })}
          data-join-to
        />
      )}
      <Textarea
        label={t(`requests.page.${noteOf[kind] ?? 'note'}`)}
        required={noteOf[kind] !== undefined}
        value={step.note}
        rows={3}
        maxLength={4_000}
        error={problem('note')}
        onChange={(event) => form.change(event.currentTarget.value)}
        data-note
      />
      {(form.broughtBackAt !== null || form.bringBack !== null) && (
        <KeptLine
          form={{ ...form, discard }}
          basis={basis}
          changedMeanwhile={t('requests.page.changedMeanwhile')}
        />
      )}
      <FormProblem error={fieldOf(refused?.error) === null ? (refused?.error ?? null) : null} left={count} />
      {/* Once the step is there, a new form takes the place of this one. */}
      <BusyButton onClick={save} loading={add.isPending || add.isSuccess} data-action="add-step">
        {t('requests.page.save')}
      </BusyButton>
    </form>
  )
}

/** A step that was not added, as it was then; without an error if it lacks something. */
interface RefusedStep {
  readonly error: unknown
  readonly form: Step
}

interface Problems {
  /** The sentence beside a field; null: it is right, or was not asked for yet. */
  readonly problem: (field: StepField) => string | null
  /** How many fields of a refused step are still wrong. */
  readonly count: number
}

/** A wrong field has its sentence from the refusal until it is mended; an impossible day of a notice has it at once. */
function useProblems(request: RequestDetail, step: Step, day: string, refused: RefusedStep | null): Problems {
  const { t } = useTranslation()
  const { daysMax } = request.extension
  const faults = refused === null ? {} : faultsOf(step, request, day)
  const sentenceOf = (fault: 'tooManyDays' | DayFault): string => {
    if (fault === 'tooManyDays') return t('requests.page.tooManyDays', { count: daysMax })
    const day = fault === 'toldTooLate' ? request.legalEndOn : request.countedFrom
    return t(`requests.page.${fault}`, { day: writtenDay(day) })
  }
  const field = fieldOf(refused?.error)
  const ofServer = new Set<string>(fieldProblems(refused, step).keys())
  if (field !== null && step[field] === refused?.form[field]) ofServer.add(field)
  return {
    problem: (name) => {
      const fault = faults[name] ?? (name === 'toldOn' ? dayProblem(step, request, day) : null) ?? undefined
      if (fault !== undefined && fault !== 'missing') return sentenceOf(fault)
      if (name === field && ofServer.has(name)) return problemText(refused?.error, t)
      if (fault === undefined && !ofServer.has(name)) return null
      return t(`requests.page.needed.${name === 'note' ? (noteOf[step.kind] ?? 'note') : name}`, {
        max: daysMax,
      })
    },
    count: new Set([...Object.keys(faults), ...ofServer]).size,
  }
}
