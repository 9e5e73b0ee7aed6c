/** Which files each test must cover, as tap asks it: `core` is covered by its own tests alone; null: nothing is measured. */
export default (test: string): string[] | null => (test.startsWith('test/core/') ? ['src/core/*.ts'] : null)
