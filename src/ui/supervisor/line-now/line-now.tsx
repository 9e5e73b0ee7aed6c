import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { NoticeNow } from '../../../http/queues/wire.ts'
import { ConfirmButton } from '../../shared/components/confirm-button.tsx'
import { problemText } from '../../shared/server/problem-text.ts'
import { useNow } from '../../shared/time/now.ts'
import { saidMoment } from '../../shared/time/said-moment.ts'
import { endTexts } from '../caller-notices/notice-time.ts'
import { useNoticeChanges } from '../caller-notices/use-caller-notices.ts'
import { openingGroups, shortened, shownNotice, type OpeningGroup, type ShownNotice } from './line-state.ts'
import { useLineNow } from './use-line-now.ts'
import styles from './line-now.module.css'

const noticesPage = '/papers?shown=notices&for=callers'
/** More do not fit beside the notice. */
const groupsMax = 2

/** The settings of the line now, in one row of the board, each with the place where it is changed. */
export function LineNow() {
  const { t } = useTranslation()
  const { data } = useLineNow()
  const now = useNow()
  const { end } = useNoticeChanges()
  const [ended, setEnded] = useState<ReadonlySet<number>>(new Set())
  const [told, setTold] = useState('')
  const row = useRef<HTMLElement>(null)
  const shown = data === undefined ? null : shownNotice(data.notices, ended, now)

  function endOne({ id, from }: NoticeNow): void {
    const { done } = endTexts({ from }, Date.now())
    setTold('')
    end.mutate(id, {
      onSuccess: () => {
        setEnded(new Set([...ended, id]))
        setTold(t(done))
        // The button is gone with the notice.
        row.current?.focus()
      },
    })
  }

  return (
    <section
      ref={row}
      className={styles['line']}
      aria-label={t('board.line.label')}
      tabIndex={-1}
      data-line-now={data === undefined ? 'asked' : 'known'}
    >
      {data !== undefined && (
        <>
          <Openings groups={openingGroups(data.numbers)} />
          <div className={styles['notices']}>
            {shown !== null && <OneNotice shown={shown} isEnding={end.isPending} end={endOne} />}
            {shown !== null && shown.others > 0 && (
              <Link href={noticesPage} className={styles['fixed'] ?? ''}>
                {t('board.line.others', { count: shown.others })}
              </Link>
            )}
            <Link href={noticesPage} className={styles['fixed'] ?? ''} data-new-notice>
              {t('board.line.add')}
            </Link>
          </div>
          <Link href="/blocked-callers" className={styles['fixed'] ?? ''} data-blocked={data.blocked}>
            {t('board.line.blocked', { count: data.blocked })}
          </Link>
        </>
      )}
      <output className="spoken-only">{told}</output>
      <span role="alert" className={styles['problem']}>
        {end.error === null ? '' : problemText(end.error, t)}
      </span>
    </section>
  )
}

/** A link to the numbers and their hours. */
function Openings({ groups }: { readonly groups: readonly OpeningGroup[] }) {
  const { t, i18n } = useTranslation()
  const now = useNow()
  if (groups.length === 0) return null
  const state = ({ isOpen, changesAt }: OpeningGroup): string => {
    if (changesAt === null) return t(isOpen ? 'board.line.alwaysOpen' : 'board.line.neverOpens')
    const at = saidMoment(changesAt, now, t, i18n.language)
    return t(isOpen ? 'board.line.openUntil' : 'board.line.opens', { at })
  }
  const texts = groups.map((group) =>
    groups.length === 1
      ? `${t('board.line.line')} ${state(group)}`
      : `${group.numbers.join(', ')}: ${state(group)}`,
  )
  const hidden = texts.length - groupsMax
  return (
    <Link
      href="/configuration?tab=numbers"
      className={styles['openings'] ?? ''}
      title={texts.join('; ')}
      data-open={groups.every(({ isOpen }) => isOpen)}
    >
      {texts.slice(0, groupsMax).join('; ')}
      {hidden > 0 && `; ${t('board.line.moreNumbers', { count: hidden })}`}
    </Link>
  )
}

interface OneNoticeProps {
  readonly shown: ShownNotice
  readonly isEnding: boolean
  readonly end: (notice: NoticeNow) => void
}

function OneNotice({ shown: { notice, state, at }, isEnding, end }: OneNoticeProps) {
  const { t, i18n } = useTranslation()
  const now = useNow()
  const said = saidMoment(at, now, t, i18n.language)
  const isPlanned = state === 'planned'
  const texts = endTexts(notice, now)
  return (
    <>
      <span className={styles['text']} title={notice.text} data-notice-now={notice.id} data-state={state}>
        {t(isPlanned ? 'board.line.planned' : 'board.line.notice')}{' '}
        <Link href={noticesPage}>{shortened(notice.text)}</Link>
      </span>
      <span className={styles['fixed']}>
        {t(isPlanned ? 'board.line.begins' : 'board.line.until', { at: said })}
      </span>
      <span className={styles['end']} data-end-notice>
        <ConfirmButton
          key={notice.id}
          size="compact-xs"
          label={t(texts.label)}
          name={t(texts.name, { text: notice.text })}
          question={t(texts.question)}
          yes={t(texts.yes)}
          disabled={isEnding}
          act={() => end(notice)}
        />
      </span>
    </>
  )
}
