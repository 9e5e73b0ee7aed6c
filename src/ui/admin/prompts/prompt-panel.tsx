import { Button, FileButton, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useEffect, useRef, useState, type FormEvent, type RefObject } from 'react'
import { useTranslation } from 'react-i18next'
import {
  isFixedPrompt,
  isMusic as isMusicOf,
  isQueueMusic,
  lineMusic,
} from '../../../core/prompts/recordable.ts'
import { promptReasonMax, type PromptDictation, type PromptItem } from '../../../http/prompts/wire.ts'
import { BusyButton } from '../../shared/components/busy-button.tsx'
import { ConfirmButton } from '../../shared/components/confirm-button.tsx'
import { unavailable } from '../../shared/components/unavailable.ts'
import { WhyNot } from '../../shared/components/why-not.tsx'
import { problemText } from '../../shared/server/problem-text.ts'
import { useStore } from '../../shared/store.ts'
import { shortDateTime } from '../../shared/time/time.ts'
import { useAskBeforeUnload } from '../../shared/unsaved/shown-once.ts'
import { decimal } from './decimal.ts'
import { keptRecording, type RecordedDraft } from './kept-recording.ts'
import { LevelMeter } from './level-meter.tsx'
import { PhoneDictation } from './phone-dictation.tsx'
import { PlayButton } from './play-button.tsx'
import { PreparedSound } from './prepared-sound.tsx'
import { PromptHistory } from './prompt-history.tsx'
import { promptName, wordsOf } from './prompt-name.ts'
import {
  musicUpload,
  NotRecorded,
  recordingSecondsMax,
  startRecording,
  voiceUpload,
  waveOf,
  type Recorder,
} from './recorder.ts'
import {
  closeDictation,
  heardSound,
  openDictation,
  prepared,
  usePublication,
  versionSound,
} from './use-prompts.ts'
import { secondsIn } from './wave-facts.ts'
import admin from '../admin.module.css'
import styles from './prompts.module.css'

/** The panel's own work, which ends with it. */
type Undertaking =
  | { readonly step: 'none' }
  | { readonly step: 'asking' }
  | { readonly step: 'recording'; readonly recorder: Recorder }
  | { readonly step: 'dictating'; readonly dictation: PromptDictation }

type Draft = Undertaking | RecordedDraft

interface Attempt {
  readonly work: () => Promise<void>
  /** The draft after a failure. */
  readonly otherwise: Draft
}

interface PromptPanelProps {
  readonly item: PromptItem
  /** Whether there is a recording that leaving would lose. */
  readonly setRecorded: (now: boolean) => void
}

const none: Undertaking = { step: 'none' }

/** False once the panel is gone. */
function useIsOpen(): RefObject<boolean> {
  const isOpen = useRef(true)
  useEffect(() => {
    isOpen.current = true
    return () => {
      isOpen.current = false
    }
  }, [])
  return isOpen
}

export function PromptPanel({ item, setRecorded }: PromptPanelProps) {
  const { t, i18n } = useTranslation()
  const { prompt, text, language, heardIn, secondsMax, source, seconds, loudnessLufs, at, by } = item
  const isMusic = isMusicOf(prompt)
  const isText = !isFixedPrompt(prompt) && !isMusic
  const own = wordsOf(prompt)
  const file = isMusic ? 'prompts.music' : 'prompts'
  const ofQueue = isQueueMusic(prompt)
  const kept = useStore(keptRecording)
  const ownKept = kept?.item.prompt === prompt ? kept : null
  const [undertaking, undertake] = useState(none)
  const draft: Draft = undertaking.step === 'none' && ownKept !== null ? ownKept.draft : undertaking
  const [told, setTold] = useState('')
  const [reason, setReason] = useState('')
  const title = useRef<HTMLHeadingElement>(null)
  const clearFile = useRef<() => void>(null)
  /** The version that was heard when the recording was begun; undefined: none was begun since the last publication. */
  const seen = useRef(ownKept?.seen)
  const isOpen = useIsOpen()
  const begunFrom = useRef(kept)
  const [isBroughtBack, setBroughtBack] = useState(ownKept !== null)
  const publish = usePublication(prompt)
  const recorder = draft.step === 'recording' ? draft.recorder : null
  useAskBeforeUnload(undertaking.step !== 'none')
  // The microphone is closed with the panel.
  useEffect(() => () => recorder?.cancel(), [recorder])

  function setDraft(next: Draft): void {
    // Work that ends after the panel goes on with the recording that it began from, if that is still there.
    const basis = begunFrom.current
    if (!isOpen.current && (basis === null || keptRecording.get() !== basis)) return
    if (next.step !== 'prepared') setBroughtBack(false)
    const isRecorded = next.step === 'recorded' || next.step === 'prepared'
    if (isRecorded) keptRecording.set({ item, draft: next, seen: seen.current })
    else if (keptRecording.get()?.item.prompt === prompt) keptRecording.set(null)
    undertake(isRecorded ? none : next)
    setRecorded(next.step !== 'none')
  }
  const attempts = useMutation({
    mutationFn: ({ work }: Attempt) => work(),
    onError: (_, { otherwise }) => setDraft(otherwise),
  })
  const { isPending: isBusy, error: problem } = attempts
  function attempt(work: () => Promise<void>, otherwise: Draft): void {
    setTold('')
    begunFrom.current = keptRecording.get()
    attempts.mutate({ work, otherwise })
  }
  function faultText(error: unknown): string {
    if (!(error instanceof NotRecorded)) return problemText(error, t)
    return t(
      isMusic && error.fault === 'too-long' ? 'prompts.music.tooLong' : `prompts.faults.${error.fault}`,
    )
  }
  const take = async (wave: Blob, from: 'computer' | 'phone' = 'computer'): Promise<void> => {
    const length = await secondsIn(wave)
    setDraft({ step: 'recorded', wave, seconds: length, from })
    if (from === 'phone') setTold(t('prompts.recordedByPhone', { seconds: decimal(length, i18n.language) }))
  }

  /** A version that is published since then is not replaced unseen, although the list is read again meanwhile. */
  function begin(): void {
    if (seen.current === undefined) seen.current = item.version
  }
  function press(): void {
    if (isBusy) return
    if (recorder !== null) return attempt(async () => take(await recorder.stop()), none)
    begin()
    setDraft({ step: 'asking' })
    attempt(async () => {
      const begun = await startRecording()
      // The panel may have been left while the browser asked.
      if (isOpen.current) setDraft({ step: 'recording', recorder: begun })
      else begun.cancel()
    }, none)
  }
  const dictate = (): void => {
    if (isBusy) return
    begin()
    setRecorded(true)
    attempt(async () => {
      const dictation = await openDictation()
      if (isOpen.current) setDraft({ step: 'dictating', dictation })
      else void closeDictation(dictation)
    }, draft)
  }
  const close = async (): Promise<void> => {
    if (draft.step === 'dictating') await closeDictation(draft.dictation)
  }
  const takeDictated = (wave: Blob): void => {
    attempt(async () => {
      await close()
      await take(wave, 'phone')
      title.current?.focus()
    }, none)
  }
  const failDictation = (error: unknown): void => {
    attempt(async () => {
      await close()
      title.current?.focus()
      throw error
    }, none)
  }
  const choose = (file: File | null): void => {
    // The same file may be chosen again.
    clearFile.current?.()
    if (file === null || isBusy) return
    begin()
    setRecorded(true)
    attempt(async () => take(await waveOf(file, isMusic ? musicUpload : voiceUpload)), draft)
  }
  const prepare = (): void => {
    if (draft.step !== 'recorded' || isBusy) return
    attempt(
      async () => setDraft({ ...draft, step: 'prepared', sound: await prepared(prompt, draft.wave) }),
      draft,
    )
  }
  const takeVersion = (id: number): void => {
    if (isBusy) return
    begin()
    setRecorded(true)
    attempt(async () => {
      const sound = await versionSound(prompt, id)
      const length = await secondsIn(sound)
      setDraft({ step: 'prepared', sound, wave: sound, seconds: length, from: id })
      setTold(t('prompts.versionTaken', { version: id }))
    }, none)
  }
  const lacks = reason.trim() === '' ? t('prompts.reasonFirst') : null
  function publishAs(sound: Blob | null, done: string): void {
    if (isBusy || lacks !== null) return
    attempt(async () => {
      const basedOn = seen.current === undefined ? item.version : seen.current
      // A refusal says that there is another version: who publishes once more has seen it.
      seen.current = undefined
      await publish(sound, basedOn, reason.trim())
      setDraft(none)
      setReason('')
      setTold(done)
      title.current?.focus()
    }, draft)
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (draft.step === 'prepared') publishAs(draft.sound, t(`${own}.published`))
  }
  const discard = (): void => {
    if (draft.step === 'dictating') void closeDictation(draft.dictation)
    seen.current = undefined
    setDraft(none)
    if (problem !== null) attempts.reset()
    title.current?.focus()
  }
  const isOwn = draft.step === 'recorded' || draft.step === 'prepared'
  const isInUse =
    text !== '' || prompt === lineMusic || (ofQueue && heardIn.length > 0) || draft.step !== 'none'

  return (
    <form className={admin['form']} onSubmit={submit} data-prompt-form={prompt} data-step={draft.step}>
      <h2 id="prompt" tabIndex={-1} ref={title}>
        {promptName(item, t)}
      </h2>
      {isMusic ? (
        <p className={admin['quiet']}>
          {ofQueue && `${t(isInUse ? 'prompts.queueMusic.hint' : 'prompts.queueMusic.unusedHint')} `}
          {isInUse && t('prompts.music.hint')}
        </p>
      ) : isInUse ? (
        <>
          <blockquote className={styles['text']} lang={language}>
            {text}
          </blockquote>
          <p className={admin['quiet']}>
            {t('prompts.sayIt')} {t('prompts.atMost', { seconds: secondsMax })}
            {isText && ` ${t('prompts.ofText')}`}
          </p>
        </>
      ) : (
        <p className={admin['quiet']}>{t('prompts.unusedHint')}</p>
      )}
      <p className={styles['present']}>
        {t(`${own}.sourcesOne.${source}`)}
        {source === 'recorded' &&
          at !== null &&
          `, ${t('prompts.since', { at: shortDateTime(at, i18n.language), by })}`}
        {seconds !== null &&
          `: ${
            loudnessLufs === null
              ? t('prompts.seconds', { seconds: decimal(seconds, i18n.language) })
              : t('prompts.measured', {
                  seconds: decimal(seconds, i18n.language),
                  loudness: decimal(loudnessLufs, i18n.language),
                })
          }`}
        .
      </p>
      <PlayButton
        label={t('prompts.listen')}
        load={() => heardSound(ofQueue && source !== 'recorded' ? lineMusic : prompt)}
        of="heard"
      />
      {draft.step === 'dictating' && (
        <PhoneDictation
          dictation={draft.dictation}
          secondsMax={secondsMax}
          recorded={takeDictated}
          failed={failDictation}
          cancel={discard}
        />
      )}
      {isInUse && draft.step !== 'dictating' && (
        <div className={styles['row']}>
          {!isMusic && (
            <Button
              variant={isOwn ? 'default' : 'filled'}
              onClick={press}
              {...unavailable(draft.step === 'asking')}
              data-action="record"
            >
              {t(recorder !== null ? 'prompts.stop' : isOwn ? 'prompts.recordAgain' : 'prompts.record')}
            </Button>
          )}
          {recorder === null && !isMusic && (
            <Button variant="default" onClick={dictate} {...unavailable(isBusy)} data-action="dictate">
              {t('prompts.recordByPhone')}
            </Button>
          )}
          {recorder === null && (
            <FileButton resetRef={clearFile} onChange={choose} accept="audio/*,.wav">
              {(props) => (
                <Button {...props} variant={isMusic && !isOwn ? 'filled' : 'default'} data-action="choose">
                  {t('prompts.choose')}
                </Button>
              )}
            </FileButton>
          )}
          {isOwn && (
            <Button variant="subtle" onClick={discard} data-action="discard">
              {t(`${file}.discard`)}
            </Button>
          )}
        </div>
      )}
      <output className={styles['told']}>{draft.step === 'asking' ? t('prompts.asking') : told}</output>
      {recorder !== null && <LevelMeter recorder={recorder} full={press} most={recordingSecondsMax} />}
      <p className={styles['problem']} role="alert">
        {problem === null ? '' : faultText(problem)}
      </p>
      {isOwn && (
        <>
          {told === '' && (
            <p className={styles['present']}>
              {typeof draft.from === 'number'
                ? t('prompts.versionTaken', { version: draft.from })
                : t(draft.from === 'phone' ? 'prompts.recordedByPhone' : `${file}.recorded`, {
                    seconds: decimal(draft.seconds, i18n.language),
                  })}
            </p>
          )}
          {typeof draft.from !== 'number' && (
            <PlayButton label={t(`${file}.listenRaw`)} load={async () => draft.wave} of="raw" />
          )}
        </>
      )}
      {draft.step === 'recorded' && (
        <BusyButton onClick={prepare} loading={isBusy} data-action="prepare">
          {t('prompts.prepare')}
        </BusyButton>
      )}
      {draft.step === 'prepared' && (
        <PreparedSound sound={draft.sound} isMusic={isMusic} isNew={!isBroughtBack} />
      )}
      {(draft.step === 'prepared' || (source === 'recorded' && draft.step === 'none')) && (
        <TextInput
          label={t('prompts.reason')}
          placeholder={t(`${own}.reasonHint`)}
          value={reason}
          maxLength={promptReasonMax}
          autoComplete="off"
          onChange={(event) => setReason(event.currentTarget.value)}
          data-field="reason"
        />
      )}
      {draft.step === 'prepared' && (
        <WhyNot reason={lacks}>
          <BusyButton type="submit" loading={isBusy} {...unavailable(lacks !== null)} data-action="publish">
            {t('prompts.publish')}
          </BusyButton>
        </WhyNot>
      )}
      {source === 'recorded' && draft.step === 'none' && (
        <ConfirmButton
          label={t(`${own}.machineAgain`)}
          question={t(isText ? 'prompts.machineSureText' : `${own}.machineSure`)}
          yes={t(`${own}.machineYes`)}
          disabled={isBusy || lacks !== null}
          act={() => publishAs(null, t(isText ? 'prompts.machineDoneText' : `${own}.machineDone`))}
        />
      )}
      <PromptHistory item={item} take={isInUse && draft.step === 'none' ? takeVersion : null} />
    </form>
  )
}
