/** Orthodox Easter Sundays as the published tables have them. The product computes them, by a formula and by a library. */
export const orthodoxEasters: readonly string[] = `
  2024-05-05 2025-04-20 2026-04-12 2027-05-02 2028-04-16 2029-04-08 2030-04-28 2031-04-13 2032-05-02
  2033-04-24 2034-04-09 2035-04-29 2036-04-20 2037-04-05 2038-04-25 2039-04-17 2040-05-06 2041-04-21
  2042-04-13 2043-05-03 2044-04-24 2045-04-09 2046-04-29 2047-04-21 2048-04-05 2049-04-25 2050-04-17
`
  .trim()
  .split(/\s+/)
