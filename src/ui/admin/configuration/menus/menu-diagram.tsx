import { useTranslation } from 'react-i18next'
import type { Configuration } from '../../../../core/configuration/schema.ts'
import { nameIn, targetWords } from '../change-words.ts'
import { menuTree, type MenuBranch, type MenuTwig } from './menu-tree.ts'
import styles from './menus.module.css'

interface MenuDiagramProps {
  readonly document: Configuration
  /** The menu at its top. */
  readonly index: number
  readonly open: (index: number) => void
}

/** Where the keys of a menu lead, and on from there. */
export function MenuDiagram({ document, index, open }: MenuDiagramProps) {
  const { t } = useTranslation()
  const top = menuTree(document.menus ?? [], index)
  if (top === null) return null
  const numbers = document.numbers.filter(({ menu }) => menu === top.menu.id).map(({ number }) => number)
  return (
    <section className={styles['diagram']} aria-labelledby="diagram" data-diagram>
      <h2 id="diagram">{t('configuration.menu.diagram')}</h2>
      <p className={styles['top']}>
        {numbers.length > 0 && <span className={styles['from']}>{numbers.join(', ')}</span>}
        <strong>{top.menu.name.trim() === '' ? t('configuration.nameless') : top.menu.name}</strong>
      </p>
      <Branch branch={top} document={document} open={open} />
    </section>
  )
}

interface BranchProps extends Pick<MenuDiagramProps, 'document' | 'open'> {
  readonly branch: MenuBranch
}

function Branch({ branch, document, open }: BranchProps) {
  const { t } = useTranslation()
  const { menu, keys } = branch
  return (
    <>
      <p className={styles['text']}>{menu.says.ro.trim() === '' ? '–' : `„${menu.says.ro}”`}</p>
      <ul className={styles['tree']}>
        {keys.map((twig) => (
          <li key={twig.key} data-twig={twig.key}>
            <kbd>{twig.key}</kbd>
            <Target twig={twig} document={document} open={open} />
          </li>
        ))}
        <li className={styles['quiet']}>
          {t('configuration.menu.noKey', {
            repeated: t('configuration.menu.repeated', { count: menu.repeats }),
          })}
        </li>
      </ul>
    </>
  )
}

function Target({
  twig,
  document,
  open,
}: Pick<BranchProps, 'document' | 'open'> & { readonly twig: MenuTwig }) {
  const { t } = useTranslation()
  const { target, further } = twig
  const words = targetWords(target, (list, id) => nameIn(document, list, id, t), t)
  if (further === 'shown') return <span>{t('configuration.menu.shown', { menu: words })}</span>
  if (further === null) return <span>{words}</span>
  return (
    <>
      <button type="button" onClick={() => open(further.index)}>
        {words}
      </button>
      <Branch branch={further} document={document} open={open} />
    </>
  )
}
