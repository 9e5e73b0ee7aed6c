/** Whether this host can make machines. */
import { runCommand } from '../../src/stack/command.ts'

/** A sentence; null where it can. */
export async function whyNotHere(): Promise<string | null> {
  if (process.getuid?.() !== 0) return 'it needs root, for mounts and namespaces.'
  const apart = ['--mount', '--pid', '--net', '--uts', '--ipc', '--fork']
  const tried = await runCommand('unshare', [...apart, 'mount', '-t', 'tmpfs', 'none', '/mnt'])
  return tried.code === 0 ? null : `this machine allows no namespaces (${tried.output.trim()}).`
}
