/** Why the office does not use something yet, in bokmål; only Utboks says it, and the first screen does without. */
import { speaker } from './words'

const WORDS = {
  'held.text':
    'Kontoret har mottatt dette, men kan ikke bruke det ennå: {grunn}. Ingenting er tapt. Du får svar her.',
  'held.access': 'du har ikke tilgang lenger',
  'held.ref': 'noe det viser til, er ikke kommet fram',
  'held.gone': 'registreringen er slettet',
  'held.invalid': 'noe er fylt ut feil',
  'held.unreadable': 'det kan ikke leses',
  'held.replica_revoked': 'telefonen er stengt',
  'held.duplicate_id': 'det ligner en annen registrering',
  'held.schema': 'tjenesten må oppdateres',
  'held.fault': 'det er en feil hos oss',
  'held.mid_clash':
    'Telefonen er satt tilbake til en eldre kopi. Begge utgavene er tatt vare på. Kontoret ser på det.',
  'held.locked': 'Registreringen er låst. Det du skrev, er lagt ved som tillegg til vurdering.',
  'held.delete': '{navn} endret dette etter at du så det sist. Det er ikke slettet. Kontoret avgjør.',
  'held.ask': 'En annen har svart noe annet. Begge svar er tatt vare på. Se «Må sjekkes».',
  'held.status': 'To har avsluttet ulikt. Begge er tatt vare på. Kontoret avgjør.',
  'held.invariant': 'Noe mangler eller er fylt ut feil. Det du skrev, er tatt vare på. Kontoret avgjør.',
  'held.superseded': 'Du rettet dette selv senere. Det siste gjelder.',
} as const

/** True when there are words for a reason that the office gave. */
export function isReason(key: string): key is keyof typeof WORDS {
  return Object.hasOwn(WORDS, key)
}

export const why = speaker(WORDS)
