import type { KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { objectKinds } from '../../../http/taxes/wire.ts'
import type { SectionOf } from './section.ts'
import styles from './taxes.module.css'

type Item = SectionOf<'objects'>['items'][number]

interface ObjectListProps {
  readonly items: readonly Item[]
  /** Searched by words of a street or a part of a number plate. */
  readonly filter: string
  /** Null: the whole account. */
  readonly chosen: string | null
  readonly choose: (object: string | null) => void
}

const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }

/** The whole account first, then the objects by kind; the arrow keys move and select. */
export function ObjectList({ items, filter, chosen, choose }: ObjectListProps) {
  const { t } = useTranslation()
  const found = items.filter((item) => matches(item, filter))
  const order = [
    null,
    ...objectKinds.flatMap((kind) => found.filter((item) => item.kind === kind).map(({ object }) => object)),
  ]
  // If the chosen object is filtered out, the keyboard starts at the top.
  const at = Math.max(0, order.indexOf(chosen))

  function walk(event: KeyboardEvent<HTMLElement>): void {
    const step = steps[event.key]
    const edge = event.key === 'Home' ? 0 : event.key === 'End' ? order.length - 1 : null
    if (step === undefined && edge === null) return
    event.preventDefault()
    const next = order[edge ?? Math.min(order.length - 1, Math.max(0, at + (step ?? 0)))] ?? null
    choose(next)
    document.querySelector<HTMLElement>(`[data-object="${CSS.escape(next ?? 'all')}"]`)?.focus()
  }

  const rowOf = (object: string | null) => ({
    type: 'button' as const,
    'data-object': object ?? 'all',
    'aria-pressed': object === chosen,
    tabIndex: object === order[at] ? 0 : -1,
    onClick: () => choose(object),
    onKeyDown: walk,
  })

  return (
    <div className={styles['objects']}>
      <button {...rowOf(null)} className={styles['whole']}>
        {t('taxes.whole')} <span className={styles['count']}>{items.length}</span>
      </button>
      {items.length === 0 && <p className={styles['empty']}>{t('taxes.noObjects')}</p>}
      {items.length > 0 && found.length === 0 && <p className={styles['empty']}>{t('taxes.nothingFound')}</p>}
      {objectKinds.map((kind) => {
        const own = found.filter((item) => item.kind === kind)
        return own.length === 0 ? null : (
          <section key={kind} aria-label={t(`taxes.kinds.${kind}`)}>
            <h3 className={styles['kind']}>
              {t(`taxes.kinds.${kind}`)} <span className={styles['count']}>{own.length}</span>
            </h3>
            {own.map((item) => (
              <button key={item.object} {...rowOf(item.object)} className={styles['object']}>
                <span className={styles['type']}>{item.type}</span>
                <span className={styles['place']}>{item.place}</span>
              </button>
            ))}
          </section>
        )
      })}
    </div>
  )
}

const plain = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()

/** Whether every typed word occurs; "tm12abc" finds "TM 12 ABC". */
function matches({ type, place }: Item, filter: string): boolean {
  const text = plain(`${type} ${place}`)
  const joined = text.replaceAll(/[\s.-]/g, '')
  return plain(filter)
    .split(/\s+/)
    .every((word) => text.includes(word) || joined.includes(word))
}
