/**
 * Which address may be entered for a receiver of webhooks: as WEBHOOK_URL (`setting.ts`), and none that names this machine's
 * own network segment, where clouds answer questions about a machine's keys.
 */
export const receiverAddressMax = 500

const loopback = /^(127\.\d+\.\d+\.\d+|\[::1\]|localhost)$/
const linkLocal = /^(169\.254\.|0\.|\[::\]|\[fe[89ab])|^\[::ffff:/

export function isReceiverAddress(given: string): boolean {
  if (given.length > receiverAddressMax || !/^https?:\/\//.test(given) || !URL.canParse(given)) return false
  const { protocol, hostname, username, password, hash } = new URL(given)
  if (username !== '' || password !== '' || hash !== '' || linkLocal.test(hostname)) return false
  return protocol === 'https:' || loopback.test(hostname)
}
