/** Homes in the order they stand in: building, stairwell, floor. A pure reading of the records. */
import type { Shown } from './app.svelte'
import { stringAt } from './today'

export interface Floor {
  /** Null when nothing tells which floor it is. */
  floor: number | null
  homes: Shown[]
}

export interface Stairwell {
  address: string
  floors: Floor[]
}

export interface House {
  key: string
  /** Null for homes that belong to no building here; then they share their address alone. */
  building: Shown | null
  /** Another kind of name than the address, where the building has one. */
  name: string | null
  address: string
  stairwells: Stairwell[]
  homes: Shown[]
}

/** The floor as it was written, else as the unit number H0203 tells: the second. */
export function floorOf(home: Shown): number | null {
  const written = home.body['floor']
  if (typeof written === 'number') return written
  const told = /^H(\d\d)\d\d$/.exec(stringAt(home, 'unit_number') ?? '')
  return told ? Number(told[1]) : null
}

export function stairwellsOf(homes: readonly Shown[]): Stairwell[] {
  const stairwells = new Map<string, Map<number | null, Shown[]>>()
  for (const home of homes) {
    const address = stringAt(home, 'address') ?? ''
    const floors = stairwells.get(address) ?? new Map<number | null, Shown[]>()
    stairwells.set(address, floors)
    const floor = floorOf(home)
    const list = floors.get(floor)
    if (list) list.push(home)
    else floors.set(floor, [home])
  }
  return [...stairwells].map(([address, floors]) => ({
    address,
    floors: [...floors].map(([floor, list]) => ({ floor, homes: list })).sort((left, right) => (left.floor ?? -99) - (right.floor ?? -99)),
  }))
}

/** Houses in the order of their first home; the homes come sorted. */
export function housesOf(homes: readonly Shown[], buildings: readonly Shown[]): House[] {
  const known = new Map(buildings.map((building) => [building.id, building]))
  const found = new Map<string, { building: Shown | null; homes: Shown[] }>()
  for (const home of homes) {
    const building = known.get(stringAt(home, 'building') ?? '') ?? null
    const key = building?.id ?? stringAt(home, 'address') ?? home.id
    const house = found.get(key)
    if (house) house.homes.push(home)
    else found.set(key, { building, homes: [home] })
  }
  for (const building of buildings) if (!found.has(building.id)) found.set(building.id, { building, homes: [] })
  return [...found].map(([key, house]) => ({
    key,
    building: house.building,
    name: stringAt(house.building, 'name'),
    address: stringAt(house.building, 'address') ?? stringAt(house.homes[0] ?? null, 'address') ?? '',
    stairwells: stairwellsOf(house.homes),
    homes: house.homes,
  }))
}
