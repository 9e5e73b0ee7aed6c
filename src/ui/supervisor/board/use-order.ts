import { useEffect, useRef, useState } from 'react'

const resortEveryMs = 2_000

/**
 * Rows in an order that is updated every two seconds. While the table is hovered or focused, rows stay where
 * they are and new ones are added at the end.
 */
export function useOrder<Row extends { readonly id: string }>(
  sorted: readonly Row[],
  frozen: boolean,
): readonly Row[] {
  const latest = useRef(sorted)
  const [order, setOrder] = useState<readonly string[]>(() => sorted.map(({ id }) => id))
  // New rows get their place at once: without one they would keep moving while the table is frozen.
  const newcomers = sorted.filter(({ id }) => !order.includes(id))
  if (newcomers.length > 0) setOrder([...order, ...newcomers.map(({ id }) => id)])
  useEffect(() => {
    latest.current = sorted
  }, [sorted])
  useEffect(() => {
    if (frozen) return undefined
    const timer = setInterval(() => setOrder(latest.current.map(({ id }) => id)), resortEveryMs)
    return () => clearInterval(timer)
  }, [frozen])
  return keptOrder(sorted, order)
}

/** `rows` in the order of `ids`; unknown rows come last, in their own order. */
export function keptOrder<Row extends { readonly id: string }>(
  rows: readonly Row[],
  ids: readonly string[],
): readonly Row[] {
  const place = new Map(ids.map((id, index) => [id, index]))
  return [...rows].sort((a, b) => (place.get(a.id) ?? ids.length) - (place.get(b.id) ?? ids.length))
}
