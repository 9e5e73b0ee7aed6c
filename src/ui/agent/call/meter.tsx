import styles from './call-zone.module.css'

/**
 * A level meter (0–1) on a square-root scale, so that ordinary speech moves it. Decorative: the figures are
 * elsewhere as text.
 */
export function Meter({ level }: { readonly level: number }) {
  return (
    <span className={styles['meter']} aria-hidden="true">
      <span style={{ transform: `scaleX(${Math.min(1, Math.sqrt(level) * 1.4).toFixed(2)})` }} />
    </span>
  )
}
