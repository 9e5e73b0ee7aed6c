/**
 * tap's coverage map, from a test to the files it must cover: only `core` is measured, by its own tests; null: none.
 */
export default (test: string): string[] | null => (test.startsWith('test/core/') ? ['src/core/*.ts'] : null)
