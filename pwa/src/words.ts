/** Every word the phone shows, in bokmål; knows no records and no screens. How days and amounts are written stands in written.ts. */
import { amount } from './written'

export * from './written'

export type Params = Readonly<Record<string, string | number>>
export type Plural = readonly [one: string, many: string]

/** Copied letter for letter from the product's list of words; a pair is [for one, for none or more]. */
const WORDS = {
  'app.name': 'Oppgang',
  'app.demo': 'Eksempeldata',
  'practice.bar': 'Du øver. Ingenting sendes.',
  'practice.leave': 'Slutt å øve',
  'app.starting': 'Åpner Oppgang',

  'bar.today': 'I dag',
  'bar.deviations': 'Avvik',
  'bar.dwellings': 'Boliger',
  'bar.new': 'Ny',
  'bar.search': 'Søk',
  'bar.me': 'Meg',
  'bar.label': 'Hovedmeny',
  'work.title': 'Saker og tiltak',

  'state.saved': 'Lagret på telefonen',
  'state.sending': 'Sender',
  'state.received': 'Mottatt',
  'state.check': 'Må sjekkes',
  'state.saved.meaning': 'Trygt her. Kontoret har ikke fått det ennå.',
  'state.sending.meaning': 'På vei til kontoret. Du kan jobbe videre.',
  'state.received.meaning': 'Kontoret har det.',
  'state.check.meaning': 'Kontoret har det. Noen må velge eller rette. Ingenting er tapt.',
  'state.photos': ['Mottatt · {antall} bilde venter', 'Mottatt · {antall} bilder venter'],
  'chip.unsent': '{antall} på telefonen',
  'chip.received': 'Sist mottatt kl. {klokkeslett}',
  'chip.received_on': 'Sist mottatt {dato} kl. {klokkeslett}',
  'chip.label': 'Åpne Utboks',

  'save.saving': 'Lagrer',
  'save.again': 'Lagre',

  'button.start_visit': 'Start besøk',
  'button.continue_visit': 'Fortsett besøk',
  'button.no_answer': 'Ikke hjemme',
  'button.report': 'Meld avvik',
  'button.start_round': 'Start runde',
  'button.continue_round': 'Fortsett runde',
  'button.open_job': 'Åpne oppdraget',
  'button.tell_leader': 'Si fra til leder',
  'button.fetch': 'Hent nå',
  'button.done': 'Ferdig',
  'button.call': 'Ring',
  'button.undo': 'Angre',
  'button.to_lock': 'Lås opp uten å logge inn',
  'button.unlock': 'Lås opp',
  'button.correct': 'Rett',
  'button.log_in': 'Logg inn',
  'button.update': 'Oppdater',
  'button.back': 'Tilbake',
  'button.cancel': 'Avbryt',
  'button.close': 'Lukk',
  'button.more': 'Vis flere',
  'button.older': 'Vis eldre',
  'button.show': 'Vis',
  'button.hide': 'Skjul',
  'button.clear': 'Tøm feltet',
  'button.passkey_unlock': 'Lås opp med finger eller ansikt',

  'answer.yes': 'Ja',
  'answer.no': 'Nei',
  'answer.none': 'Ikke svart',

  'photo.label': 'Bilder',

  'critical.mark': 'Kritisk',

  'greeting.morning': 'God morgen, {navn}!',
  'greeting.day': 'God dag, {navn}!',
  'greeting.evening': 'God kveld, {navn}!',

  'today.title': 'I dag',
  'today.planned': 'Avtalte besøk',
  'today.when_time': 'Når du har tid',
  'today.begun': 'Påbegynt',
  'today.finished': 'Ferdig i dag',
  'today.timed': 'Avtalt i dag',
  'today.news': 'Rettet siden sist',
  'today.dues': ['{antall} frist i dag eller før', '{antall} frister i dag eller før'],
  'today.unsorted': ['{antall} notat venter: Hva er dette?', '{antall} notater venter: Hva er dette?'],
  'today.unwritten': ['{antall} besøk er ikke skrevet ferdig innen fristen', '{antall} besøk er ikke skrevet ferdig innen fristen'],
  'today.same_door': 'Flere i samme oppgang',
  'today.empty_jobs': 'Ingenting til fast tid i dag. Se «Når du har tid».',
  'today.when_time_empty': 'Ingenting venter. Det kontoret gir deg, kommer hit.',
  'today.due_on': 'Frist {dato}',
  'today.tries': ['{antall} forsøk uten svar', '{antall} forsøk uten svar'],
  'today.tries_many': 'Ingen svar {antall} ganger. Lederen avgjør hva som skjer videre.',
  'today.leader_told': 'Notert. Kontoret ser forsøkene. Lagret på telefonen.',
  'today.empty': 'Ingen avtalte besøk i dag. Se «Når du har tid».',
  'today.planned_for': 'Skulle vært {dato}',
  'today.try_again': 'Nytt forsøk {dato}',
  'today.no_answer': 'Notert kl. {klokkeslett}. Nytt forsøk {dato}?',
  'today.yes_on': 'Ja, {dato}',
  'today.other_day': 'Annen dag',
  'today.try_again_done': 'Nytt forsøk {dato} Lagret på telefonen.',
  'today.untold': 'Ikke varslet',
  'today.left': 'Noe du skrev, er ikke sendt inn',
  'today.finished_done': 'Ferdig. Lagret på telefonen.',
  'today.with': 'Sammen med {navn}',

  'ready.title': 'Klar for dagen',
  'ready.done': 'Klar for dagen. Hentet kl. {klokkeslett}. Virker uten nett.',
  'ready.done_until': 'Klar for dagen. Hentet kl. {klokkeslett}. Virker uten nett til {dato}.',
  'ready.stale': 'Hentet {dato} kl. {klokkeslett}. Virker uten nett, men det nyeste mangler.',
  'ready.missing': [
    'Ikke klar ennå: {antall} bolig gjenstår. Bli på nett litt til.',
    'Ikke klar ennå: {antall} boliger gjenstår. Bli på nett litt til.',
  ],
  'ready.loading': 'Ikke klar ennå. Resten er på vei. Bli på nett litt til.',
  'ready.offline': 'Ikke klar ennå, og telefonen har ikke nett. Det du skriver, er trygt. Gå dit det er nett, og trykk Hent nå.',
  'ready.fetching': 'Henter',
  'ready.fetched': 'Det som er hentet',

  'dwellings.title': 'Boliger',
  'dwelling.title': 'Bolig',
  'dwelling.floor': '{antall}. etasje',
  'dwelling.access': 'Adkomst',
  'tenancy.title': 'Leieforhold',
  'tenancy.started': 'Leieforholdet begynte',
  'tenancy.ended': 'Leieforholdet ble avsluttet',
  'safety.alert': 'Les før du går: {kategori}. {tiltak} Gjelder til {dato}.',
  'building.title': 'Bygning',
  'deviations.title': 'Avvik',

  'search.dwelling': 'Boliger',
  'search.building': 'Bygninger',
  'search.contact': 'Kontakter',
  'search.assignment': 'Oppdrag',
  'search.deviation': 'Avvik',
  'search.visit': 'Besøk',
  'search.housing_company': 'Boligselskaper',



  'visit.title': 'Besøk',
  'visit.meet': 'møt: {sted}',
  'visit.not_drawn': 'Denne appen kan ikke vise svaret ennå.',

  'count.less': 'Én færre',
  'count.more': 'Én til',

  'agreed.title': 'Avtaler',





  'status.draft': 'Kladd',
  'status.submitted': 'Sendt inn',
  'status.returned': 'Sendt tilbake',
  'status.approved': 'Godkjent',


  'checks.link': ['{antall} må sjekkes', '{antall} må sjekkes'],
  'checks.nothing': 'ingenting',

  'returned.link': ['{antall} er sendt tilbake til deg', '{antall} er sendt tilbake til deg'],
  'returned.office': 'Kontoret',

  'offline.bar': 'Uten nett – alt lagres på telefonen',
  'offline.battery': 'Batteriet er på {prosent}. Alt er lagret. Lad når du kan.',
  'offline.back': 'Nett igjen. Sender {antall}.',

  'login.again': 'Logg inn for å hente nytt',

  'login.title': 'Logg inn',
  'login.lead': 'Bruk navnet og passordet du fikk av kontoret.',
  'login.name': 'Navn',
  'login.password': 'Passord',
  'login.code': 'Engangskode, hvis du har slått den på',
  'login.code_wanted':
    'Det trengs en engangskode også. Alt på telefonen er trygt. Skriv koden, eller slå den på på kontorets side først.',
  'login.provider': 'Logg inn med {navn}',
  'login.passkey': 'Logg inn med passnøkkel',
  'login.working': 'Logger inn',
  'login.wrong': 'Navn eller passord stemmer ikke. Alt på telefonen er trygt. Prøv igjen, eller be kontoret om hjelp.',
  'login.throttled': 'For mange forsøk på kort tid. Alt på telefonen er trygt. Prøv igjen kl. {klokkeslett}.',
  'login.empty': 'Skriv navn og passord først.',

  'vault.passphrase': 'Passordfrase',

  'lock.unsent': ['Låst. {antall} er ikke sendt ennå.', 'Låst. {antall} er ikke sendt ennå.'],
  'lock.all_sent': 'Låst. Alt er sendt.',
  'lock.handed': 'Beboermodus er låst',
  'lock.handed.safe': 'Det dere har skrevet, er lagret. Gi telefonen til den som leder møtet.',
  'lock.shut': 'Appen åpner bare med nett. Uten nett kan du låse opp og notere. Det du har skrevet, er trygt.',
  'lock.wrong': 'Passordfrasen stemmer ikke. Alt på telefonen er trygt. Prøv igjen.',
  'lock.working': 'Låser opp',
  'lock.other_user': 'Logg inn som en annen',
  'lock.forgot': 'Glemt passordfrasen?',
  'lock.forgot.delivered': [
    'Kontoret har mottatt {antall} registrering. Logg inn og velg en ny passordfrase.',
    'Kontoret har mottatt {antall} registreringer. Logg inn og velg en ny passordfrase.',
  ],
  'lock.not_available': 'Det gikk ikke. Alt på telefonen er trygt. Prøv igjen når du har nett.',

  'me.text_size.1': 'Vanlig',
  'me.text_size.2': 'Stor',
  'me.text_size.3': 'Størst',

  'role.bomiljo': 'Bomiljøteamet',
  'role.caretaker': 'Miljøvaktmester',
  'role.follow_up': 'Oppfølging',
  'role.office': 'Boligsosialt team',
  'role.leader': 'Leder',
  'role.landlord': 'Eiendom',
  'role.admin': 'Administrator',

  'wrong.no_space':
    'Telefonen er full, og det siste er ikke lagret. Alt fra før er trygt. La skjermen stå, frigjør plass og trykk Lagre.',
  'wrong.photo_no_space': 'Telefonen er full, og bildet er ikke lagret. Alt fra før er trygt. Frigjør plass, og ta bildet på nytt.',
  'wrong.too_old':
    'Appen er for gammel til å hente nytt. Det du skriver, lagres og sendes. Trykk Oppdater når du har nett.',
  'wrong.revoked':
    'Kontoret har stengt denne telefonen. Usendt arbeid er levert: {antall}. Resten er slettet herfra. Ring {telefonnummer}.',
  'wrong.clock':
    'Klokka på telefonen viser {klokkeslett}, men den er {riktig_klokkeslett}. Alt er trygt og sendes som vanlig. Slå på automatisk tid.',
  'wrong.form': [
    '{antall} felt må fylles ut eller rettes. Det du skrev, er lagret. Trykk på feltet.',
    '{antall} felt må fylles ut eller rettes. Det du skrev, er lagret. Trykk på feltet.',
  ],
  'wrong.unreachable':
    'Vi får ikke kontakt med kontoret. Alt er lagret på telefonen. Jobb videre, vi prøver igjen.',
  'wrong.session_over':
    'Du er logget ut fordi det har gått lang tid. Usendt arbeid er trygt. Logg inn for å hente nytt.',
  'wrong.other_user':
    'En annen har logget inn i denne nettleseren. Usendt arbeid er trygt. Logg inn som deg selv for å hente nytt.',
  'wrong.logged_out': 'Du har logget ut. Usendt arbeid er trygt. Logg inn for å hente nytt.',
  'wrong.damaged':
    'Noe på telefonen kan ikke leses lenger. Det du skrev, er trygt og sendes forseglet til kontoret. Ring kontoret hvis noe mangler.',
  'wrong.unknown': 'Noe stoppet. Alt på telefonen er trygt. Prøv igjen, eller ring kontoret.',

  'button.change': 'Endre',
  'button.less': 'Færre',
  'button.more_of': 'Flere',
  'button.add_line': 'Legg til',
  'button.not_today': 'Ikke i dag',

  'place.where': 'Hvor?',

  'note.title': 'Noter raskt',
  'note.words': 'Skriv det viktigste',
  'note.note': 'Notat',
  'note.deviation': 'Avvik',
  'note.assignment': 'Oppdrag',


  'deviation.title': 'Avvik',
  'deviation.from_point': 'Ikke i orden: {punkt}.',
  'deviation.answer_corrected': 'Svaret i runden er rettet.',
  'deviation.mended': 'Rettet',
  'deviation.mended_here': 'Rettet på stedet',
  'deviation.mended_by_landlord': 'Rettet av eiendom {dato}.',
  'deviation.mended_by': 'Rettet av {navn} {dato}.',
  'deviation.add': 'Legg til',
  'deviation.due': 'Frist',

  'assignment.title': 'Oppdrag',
  'assignment.ready': 'Klart',


  'office.phone': 'kontoret',
} as const satisfies Record<string, string | Plural>

export type Word = keyof typeof WORDS

/** True when there is a text under this key; for keys made from data, such as a role or a reason. */
export function isWord(key: string): key is Word {
  return Object.hasOwn(WORDS, key)
}

/** Speaks a table of words: the text with its {…} filled in; {antall} = 1 chooses the form for one. */
export function speaker<Table extends Readonly<Record<string, string | Plural>>>(words: Table) {
  return (key: keyof Table & string, params: Params = {}): string => {
    const entry: string | Plural = words[key] ?? ''
    const form = typeof entry === 'string' ? entry : entry[Number(params['antall']) === 1 ? 0 : 1]
    return form.replace(/\{(\w+)\}/g, (whole, name: string, at: number) => {
      const value = params[name]
      if (value === undefined) return whole
      const said = typeof value === 'number' ? amount(value) : value
      const full = form.charAt(at + whole.length) === '.' && said.endsWith('.')
      return full ? said.slice(0, -1) : said
    })
  }
}

export const text = speaker(WORDS)
