/** Files that may be absent. */

export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}

/** For `.catch()`: undefined when there is no such folder, or a file in its place; every other error is thrown again. */
export function unlessNoFolder(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOTDIR') return undefined
  return unlessMissing(error)
}

/** For `.catch()`: undefined when there is no such file; every other error is thrown again. */
export function unlessMissing(error: unknown): undefined {
  if (!isMissing(error)) throw error
}
