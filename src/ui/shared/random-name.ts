/** A name that nobody else has; works on pages without HTTPS too, where `randomUUID` does not exist. */
export function randomName(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
