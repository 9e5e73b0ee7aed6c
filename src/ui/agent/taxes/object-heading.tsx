import type { SectionOf } from './section.ts'
import styles from './taxes.module.css'

interface ObjectHeadingProps {
  readonly objects: SectionOf<'objects'>['items']
  readonly object: string
}

/** The name of an object in a list of several. */
export function ObjectHeading({ objects, object }: ObjectHeadingProps) {
  const item = objects.find((one) => one.object === object)
  if (item === undefined) return null
  return (
    <h3 className={styles['title']}>
      {item.type} <span className={styles['placeLine']}>{item.place}</span>
    </h3>
  )
}
