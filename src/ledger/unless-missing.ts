/** For a file that may be gone: undefined then; every other failure is thrown on. */
export function unlessMissing(err: unknown): undefined {
  if (err instanceof Error && 'code' in err && err.code === 'ENOENT') return undefined
  throw err
}
