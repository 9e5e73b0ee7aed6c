/** The wall clock with the monotonic clock's resolution: comparable between processes of one machine. */

/** Wall time of `performance.now() === 0`, read at the moment at which the millisecond turns. */
export function wallOffset(): number {
  const before = Date.now()
  let turned = before
  while (turned === before) turned = Date.now()
  return turned - performance.now()
}
