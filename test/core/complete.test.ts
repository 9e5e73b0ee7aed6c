import { readdir } from 'node:fs/promises'
import t from 'tap'

const core = new URL('../../src/core/', import.meta.url)

void t.test(
  'every file of the core is loaded, so that coverage counts one that no test reaches',
  async (t) => {
    const files = (await readdir(core)).filter((file) => file.endsWith('.ts'))
    t.ok(files.length > 0)
    for (const file of files) await import(new URL(file, core).href)
  },
)
