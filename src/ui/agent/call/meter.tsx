import styles from './call-zone.module.css'

/** A level, 0–1, drawn by its root so that ordinary speech moves it. Decoration: numbers say the rest. */
export function Meter({ level }: { readonly level: number }) {
  return (
    <span className={styles['meter']} aria-hidden="true">
      <span style={{ transform: `scaleX(${Math.min(1, Math.sqrt(level) * 1.4).toFixed(2)})` }} />
    </span>
  )
}
