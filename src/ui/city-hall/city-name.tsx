import { useQuery } from '@tanstack/react-query'
import { Mark } from '../shell/mark.tsx'
import { cityHallQuery } from './city-hall-query.ts'
import styles from './city-hall.module.css'

/** The city hall's arms and name in one line; without arms the product's mark stands in their place. */
export function CityName({ size }: { readonly size: number }) {
  const { data: city } = useQuery(cityHallQuery)
  return (
    <p className={styles['city']} style={{ minHeight: size }} data-city={city?.name}>
      {city?.arms != null ? <Arms src={city.arms} size={size} /> : <Mark size={size} />}
      {city?.name}
    </p>
  )
}

/** The arms beside the product's name, where there is no room for the city's. */
export function CityArms({ size }: { readonly size: number }) {
  const { data: city } = useQuery(cityHallQuery)
  return city?.arms == null ? null : <Arms src={city.arms} size={size} name={city.name} />
}

function Arms({
  src,
  size,
  name = '',
}: {
  readonly src: string
  readonly size: number
  readonly name?: string
}) {
  // Arms are higher than wide; the place is square, so that nothing moves when they arrive.
  return (
    <img src={src} alt={name} title={name} width={size} height={size} className={styles['arms']} data-arms />
  )
}
