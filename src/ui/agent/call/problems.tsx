import { useEffect, useRef, useState, type ReactNode } from 'react'
import styles from './call-zone.module.css'

/** The place of sentences about the call; while they are longer than it, the keyboard can reach and scroll it. */
export function Problems({ children }: { readonly children: ReactNode }) {
  const place = useRef<HTMLDivElement>(null)
  const [scrolls, setScrolls] = useState(false)
  useEffect(() => {
    const area = place.current
    if (area === null) return undefined
    const look = () => setScrolls(area.scrollHeight > area.clientHeight)
    const resized = new ResizeObserver(look)
    const changed = new MutationObserver(look)
    resized.observe(area)
    changed.observe(area, { childList: true, subtree: true, characterData: true })
    return () => {
      resized.disconnect()
      changed.disconnect()
    }
  }, [])
  return (
    <div ref={place} className={styles['problems']} {...(scrolls ? { tabIndex: 0 } : {})}>
      {children}
    </div>
  )
}
