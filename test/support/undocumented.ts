/** Routes that the served OpenAPI document leaves out, with the reason. None declares parameters. */
const probe = 'for monitoring: docs/guides/monitoring.md'
const navigation = 'a browser is led there and always led on'

export const undocumented: Readonly<Record<string, string>> = {
  '/healthz': probe,
  '/readyz': probe,
  '/metrics': probe,
  '/api/sign-in/provider': navigation,
  '/api/sign-in/provider/link': navigation,
  '/api/sign-in/provider/callback': navigation,
  '/api/sign-in/provider/sign-out': navigation,
}
