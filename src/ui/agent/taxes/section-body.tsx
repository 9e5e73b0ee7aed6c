import { useTranslation } from 'react-i18next'
import { problemText } from '../../shared/server/problem-text.ts'
import { Characteristics } from './characteristics.tsx'
import { Due } from './due.tsx'
import { Paid } from './paid.tsx'
import { Reductions } from './reductions.tsx'
import { useSection, type Opened, type SectionName, type SectionOf } from './section.ts'
import { Shares } from './shares.tsx'
import styles from './taxes.module.css'

type Items = SectionOf<'objects'>['items']

interface SectionBodyProps {
  readonly opened: Opened
  readonly name: SectionName
  /** Null: the whole account. */
  readonly object: string | null
  readonly objects: Items
}

/** The open section, for the chosen object or for the whole account. */
export function SectionBody({ opened, name, object, objects }: SectionBodyProps) {
  const { t } = useTranslation()
  const { data, error, refetch } = useSection(opened, name)
  if (error !== null)
    return (
      <div className={styles['problem']}>
        <p>{problemText(error, t)}</p>
        <button type="button" className={styles['again']} onClick={() => void refetch()}>
          {t('common.retry')}
        </button>
      </div>
    )
  if (data === undefined) return <p className={styles['empty']}>{t('common.loading')}</p>
  switch (data.section) {
    case 'objects':
      return <Characteristics items={data.items} object={object} />
    case 'shares':
      return <Shares section={data} object={object} objects={objects} />
    case 'reductions':
      return <Reductions section={data} object={object} objects={objects} />
    case 'due':
      return <Due section={data} object={object} />
    case 'paid':
      return <Paid section={data} object={object} />
  }
}
