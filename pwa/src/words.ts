/** Every word the phone shows, in bokmål, and how days, times and amounts are written; knows no records and no screens. */

type Params = Readonly<Record<string, string | number>>
type Plural = readonly [one: string, many: string]

/** Copied letter for letter from the product's list of words; a pair is [for one, for none or more]. */
const WORDS = {
  'app.name': 'Oppgang',
  'app.demo': 'Eksempeldata',
  'app.starting': 'Åpner Oppgang',

  'bar.today': 'I dag',
  'bar.deviations': 'Avvik',
  'bar.dwellings': 'Boliger',
  'bar.new': 'Ny',
  'bar.search': 'Søk',
  'bar.me': 'Meg',
  'bar.label': 'Hovedmeny',

  'state.saved': 'Lagret på telefonen',
  'state.sending': 'Sender',
  'state.received': 'Mottatt',
  'state.check': 'Må sjekkes',
  'state.saved.meaning': 'Trygt her. Kontoret har ikke fått det ennå.',
  'state.sending.meaning': 'På vei til kontoret. Du kan jobbe videre.',
  'state.received.meaning': 'Kontoret har det.',
  'state.check.meaning': 'Kontoret har det. Noen må velge eller rette. Ingenting er tapt.',
  'state.photos': ['Mottatt · {antall} bilde venter', 'Mottatt · {antall} bilder venter'],
  'state.photos.meaning': 'Kontoret har det du skrev. Bildene sendes når telefonen har nett og appen er åpen.',
  'chip.unsent': '{antall} på telefonen',
  'chip.received': 'Sist mottatt kl. {klokkeslett}',
  'chip.received_on': 'Sist mottatt {dato} kl. {klokkeslett}',
  'chip.never': 'Ingenting mottatt',
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
  'button.all_in_order': 'Alt i orden her',
  'button.all_told': 'Alt gjort',
  'button.done': 'Ferdig',
  'button.send_again': 'Send på nytt',
  'button.call': 'Ring',
  'button.take_photo': 'Ta bilde',
  'button.undo': 'Angre',
  'button.later': 'Fyll ut etterpå',
  'button.ask_for_help': 'Ba om hjelp',
  'button.show_resident': 'Vis til beboer',
  'button.to_lock': 'Lås opp uten å logge inn',
  'button.unlock': 'Lås opp',
  'button.correct': 'Rett',
  'button.mine': 'Mitt svar',
  'button.theirs': 'Kollegaens svar',
  'button.let_office': 'La kontoret avgjøre',
  'button.log_in': 'Logg inn',
  'button.log_out': 'Logg ut',
  'button.lock': 'Lås appen',
  'button.use_this': 'Bruk denne',
  'button.update': 'Oppdater',
  'button.back': 'Tilbake',
  'button.cancel': 'Avbryt',
  'button.close': 'Lukk',
  'button.export': 'Ta ut kopi',
  'button.more': 'Vis flere',
  'button.show': 'Vis',
  'button.hide': 'Skjul',
  'button.show_news': 'Vis det nye',
  'button.clear': 'Tøm feltet',
  'button.install': 'Legg til på hjemskjermen',
  'button.passkey_unlock': 'Lås opp med finger eller ansikt',
  'button.passkey_create': 'Bruk finger eller ansikt',

  'answer.yes': 'Ja',
  'answer.no': 'Nei',
  'answer.none': 'Ikke svart',

  'photo.label': 'Bilder',
  'photo.advice': 'Ta bilde av feilen, aldri av personer, medisiner eller papirer',
  'photo.wanted': 'Dette punktet skal ha bilde.',
  'photo.missing': ['Bilde mangler på {antall} punkt. Det du skrev, er lagret.', 'Bilde mangler på {antall} punkter. Det du skrev, er lagret.'],
  'photo.taken': 'Bilde tatt {dato} kl. {klokkeslett}',
  'photo.taken_last': 'Bildet er lagt til. Lagret på telefonen.',
  'photo.working': 'Lagrer bildet',
  'photo.remove': 'Fjern bildet',
  'photo.removed': 'Bildet er fjernet.',
  'photo.waiting': 'Ikke sendt ennå',
  'photo.refused': 'Kontoret kan ikke lese bildet. Ta bildet på nytt.',
  'photo.away': 'Hele bildet er hos kontoret. Det vises når telefonen har nett.',

  'critical.left': [
    'Kritiske punkter svarer du på selv: {antall} igjen.',
    'Kritiske punkter svarer du på selv: {antall} igjen.',
  ],
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
  'today.unsorted': ['{antall} notat venter: Hva er dette?', '{antall} notater venter: Hva er dette?'],
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
  'today.left': 'Noe du skrev, er ikke sendt inn',
  'today.finished_done': 'Ferdig. Lagret på telefonen.',
  'today.with': 'Sammen med {navn}',

  'ready.title': 'Klar for dagen',
  'ready.done': 'Klar for dagen. Hentet kl. {klokkeslett}. Virker uten nett.',
  'ready.stale': 'Hentet {dato} kl. {klokkeslett}. Virker uten nett, men det nyeste mangler.',
  'ready.missing': [
    'Ikke klar ennå: {antall} bolig gjenstår. Bli på nett litt til.',
    'Ikke klar ennå: {antall} boliger gjenstår. Bli på nett litt til.',
  ],
  'ready.loading': 'Ikke klar ennå. Resten er på vei. Bli på nett litt til.',
  'ready.offline': 'Ikke klar ennå, og telefonen har ikke nett. Det du skriver, er trygt. Gå dit det er nett, og trykk Hent nå.',
  'ready.fetching': 'Henter',
  'ready.fetched': 'Det som er hentet',
  'ready.phone': 'Telefonen',
  'ready.homes': 'Boliger på telefonen',
  'ready.space': 'Ledig plass',
  'ready.battery': 'Batteri',
  'ready.battery_low': '{prosent}. Lad før du går.',
  'ready.kept': 'Lagring',
  'ready.kept.yes': 'Nettleseren rydder ikke bort det appen har lagret.',
  'ready.kept.no': 'Nettleseren kan rydde bort det appen har lagret hvis telefonen blir full. Legg appen på hjemskjermen.',

  'dwellings.title': 'Boliger',
  'dwellings.search': 'Søk etter gate eller bolignummer',
  'dwellings.empty': 'Ingen boliger her ennå. Kontoret deler ut områdene.',
  'dwellings.count': ['{antall} bolig', '{antall} boliger'],
  'dwelling.title': 'Bolig',
  'dwelling.visits': 'Besøk',
  'dwelling.no_visits': 'Ingen besøk her ennå.',
  'dwelling.floor': '{antall}. etasje',
  'dwelling.about': 'Om boligen',
  'dwelling.access': 'Adkomst',
  'dwelling.no_access': 'ikke beskrevet',
  'dwelling.timeline': 'Det som har skjedd',
  'dwelling.nothing': 'Ingenting er skrevet her ennå.',
  'dwelling.ahead': 'Det som kommer',
  'dwelling.open_agreements': 'Åpne avtaler',
  'dwelling.agreed_by': '{hvem} · innen {dato}',
  'dwelling.building': 'Om bygningen',
  'tenancy.title': 'Leieforhold',
  'tenancy.since': 'Fra {dato}',
  'tenancy.started': 'Leieforholdet begynte',
  'tenancy.ended': 'Leieforholdet ble avsluttet',
  'tenancy.language': 'Språk: {sprak}',
  'tenancy.interpreter': 'Trenger tolk',
  'timeline.by': 'av {navn}',
  'timeline.added': 'Tillegg: {tekst}',
  'safety.alert': 'Les før du går: {kategori}. {tiltak} Gjelder til {dato}.',
  'building.title': 'Bygning',
  'building.common': 'Fellesareal',
  'building.rounds': 'Runder',
  'building.no_rounds': 'Ingen runder her ennå.',
  'building.company': 'Boligselskap',
  'building.manager': 'Forretningsfører: {navn}',
  'building.contacts': 'Hvem du kan ringe',
  'deviations.title': 'Avvik',
  'deviations.empty': 'Ingen åpne avvik her.',
  'deviations.open': ['{antall} åpent avvik', '{antall} åpne avvik'],

  'search.title': 'Søk',
  'search.label': 'Gate, bolignummer, navn eller telefon',
  'search.none': 'Ingen treff på «{sokeord}». Prøv gate, oppgang eller bolignummer.',
  'search.hint': 'Skriv for eksempel «fjord 12 h0203». Du trenger ikke trykke noe etterpå.',
  'search.hits': ['{antall} treff', '{antall} treff'],
  'search.dwelling': 'Boliger',
  'search.building': 'Bygninger',
  'search.contact': 'Kontakter',
  'search.assignment': 'Oppdrag',
  'search.deviation': 'Avvik',
  'search.visit': 'Besøk',
  'search.housing_company': 'Boligselskaper',

  'scan.open': 'Skann koden på døra',
  'scan.title': 'Hold koden i bildet',
  'scan.write': 'Skriv nummeret',
  'scan.not_ours': 'Dette er ikke en av våre koder. Prøv en annen, eller skriv nummeret.',

  'new.title': 'Ny',
  'new.which': 'Hvilken bolig gjelder det?',
  'new.recent': 'Sist brukt',

  'visit.title': 'Besøk',
  'visit.about': 'Om besøket',
  'visit.talk': 'Samtalen',
  'visit.answered': '{svart} av {antall}',
  'visit.untouched': 'Punkter du ikke svarer på, blir stående som «Ikke kontrollert».',
  'visit.done': 'Besøket er sendt inn.',
  'visit.approved': 'Kontoret har godkjent besøket.',
  'visit.returned': 'Kontoret har sendt besøket tilbake til deg.',
  'visit.left_behind': 'En kollega har sendt inn besøket. Noe du skrev, venter fortsatt her. Trykk Rett og så Ferdig.',
  'visit.missing.title': 'Nesten ferdig',
  'visit.later_done': 'Lagret på telefonen. Du finner besøket under «Påbegynt».',
  'visit.checklist_skipped': 'Sjekklista trengs ikke når besøket ikke ble gjennomført.',
  'visit.checklist_show': 'Vis sjekklista likevel',
  'visit.write_kindly': 'Skriv slik at leietakeren kan lese det',
  'visit.deviation': 'Avvik',
  'visit.deviation_still': 'Ikke lenger et avvik?',
  'visit.deviation_remove': 'Ta bort avviket',
  'visit.deviation_gone': 'Avviket er tatt bort.',
  'visit.meet': 'møt: {sted}',
  'visit.more_about': 'Hva det gjelder, dato og adgang',
  'visit.required': 'Må fylles ut',
  'visit.not_drawn': 'Denne appen kan ikke vise svaret ennå.',

  'count.less': 'Én færre',
  'count.more': 'Én til',

  'agreed.title': 'Avtaler',
  'agreed.new': 'Ny avtale',
  'agreed.add': 'Legg til en avtale',
  'agreed.by': 'innen {dato}',
  'agreed.remove': 'Fjern avtalen',
  'agreed.removed': 'Avtalen er fjernet.',

  'help.title': 'Hjelp',
  'help.given': 'Hva ga dere?',
  'help.tell': 'Fortell mer: {hva}',
  'help.removed': 'Tatt bort.',
  'help.asked': 'Notert. Fristen regnes fra nå, også uten nett.',
  'help.asked_at': 'Ba om hjelp {dato} kl. {klokkeslett}',

  'next.make': 'Avtal besøk {dato}',
  'next.made': 'Besøk avtalt {dato}. Lagret på telefonen.',
  'next.stands': '{dato}: neste besøk er avtalt.',

  'safety.not_alone': 'Gå ikke inn alene. Ring en kollega eller lederen din.',

  'shown.title': 'Dette har vi avtalt',
  'shown.hint': 'Bare avtalene vises. Resten er låst til du låser opp.',

  'status.draft': 'Kladd',
  'status.submitted': 'Sendt inn',
  'status.returned': 'Sendt tilbake',
  'status.approved': 'Godkjent',

  'outbox.title': 'Utboks',
  'outbox.empty': 'Alt er sendt. Sist mottatt kl. {klokkeslett}.',
  'outbox.empty_never': 'Ingenting venter her.',
  'outbox.written': 'Skrevet {dato} kl. {klokkeslett}',
  'outbox.what_is_this': 'Hva betyr dette?',
  'outbox.export': 'Kopien kan bare leses av kontoret. Bruk den hvis sending ikke går.',
  'outbox.waiting': ['{antall} venter på å bli sendt', '{antall} venter på å bli sendt'],

  'checks.title': 'Må sjekkes',
  'checks.both': 'Du skrev {ditt_svar}. {navn} skrev {kollegas_svar}. Begge er tatt vare på.',
  'checks.hidden': 'En annen har svart noe annet. Kontoret avgjør.',
  'checks.empty': 'Ingen ulike svar nå.',
  'checks.link': ['{antall} må sjekkes', '{antall} må sjekkes'],
  'checks.mine': 'Du skrev',
  'checks.colleague': 'En kollega',
  'checks.chosen': 'Du valgte {svar}.',
  'checks.to_office': 'Kontoret avgjør. Begge svar er tatt vare på.',
  'checks.nothing': 'ingenting',

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

  'returned.title': 'Sendt tilbake til deg',
  'returned.text': '{navn} ber deg rette {felt}: {kommentar}',
  'returned.whole': '{navn} ber deg se på dette en gang til.',
  'returned.corrected': 'Rettet og sendt inn på nytt. Lagret på telefonen.',
  'returned.empty': 'Ingenting å rette.',
  'returned.link': ['{antall} er sendt tilbake til deg', '{antall} er sendt tilbake til deg'],
  'returned.office': 'Kontoret',

  'offline.bar': 'Uten nett – alt lagres på telefonen',
  'offline.back': 'Nett igjen. Sender {antall}.',

  'login.again': 'Logg inn for å hente nytt',
  'login.title': 'Logg inn',
  'login.lead': 'Bruk navnet og passordet du fikk av kontoret.',
  'login.name': 'Navn',
  'login.password': 'Passord',
  'login.working': 'Logger inn',
  'login.wrong':
    'Navn eller passord stemmer ikke. Alt på telefonen er trygt. Prøv igjen, eller be kontoret om hjelp.',
  'login.throttled':
    'For mange forsøk på kort tid. Alt på telefonen er trygt. Prøv igjen kl. {klokkeslett}.',
  'login.empty': 'Skriv navn og passord først.',

  'vault.title': 'Lås det som ligger på telefonen',
  'vault.why':
    'Det du skriver om beboere, ligger låst på telefonen. Bare du kan åpne det.',
  'vault.passkey': 'Enklest er å låse opp slik du låser opp telefonen.',
  'vault.passphrase': 'Passordfrase',
  'vault.passphrase.how':
    'Velg minst fire ord du husker. Du skriver dem nå, og hver gang du låser opp.',
  'vault.passphrase.forgotten':
    'Ingen kan finne dem igjen for deg. Men usendt arbeid er trygt, også om du glemmer dem.',
  'vault.passphrase.short': 'Litt til. Bruk minst fire ord.',
  'vault.passphrase.good': 'Lang nok.',
  'vault.other_way': 'Jeg vil heller skrive en passordfrase',
  'vault.working': 'Låser',
  'vault.create': 'Lås telefonen med denne',

  'lock.unsent': ['Låst. {antall} er ikke sendt ennå.', 'Låst. {antall} er ikke sendt ennå.'],
  'lock.all_sent': 'Låst. Alt er sendt.',
  'lock.wrong': 'Passordfrasen stemmer ikke. Alt på telefonen er trygt. Prøv igjen.',
  'lock.working': 'Låser opp',
  'lock.other_user': 'Logg inn som en annen',
  'lock.forgot': 'Glemt passordfrasen?',
  'lock.forgot.title': 'Glemt passordfrasen',
  'lock.forgot.safe.title': 'Dette er trygt',
  'lock.forgot.safe':
    'Alt du har skrevet, også det du ikke ble ferdig med, sendes forseglet til kontoret først. Det kontoret har mottatt før, er der fortsatt.',
  'lock.forgot.goes.title': 'Dette blir borte herfra',
  'lock.forgot.goes':
    'Det telefonen har hentet for at du skal kunne lese det uten nett. Du får det igjen når du har logget inn.',
  'lock.forgot.then.title': 'Så gjør du',
  'lock.forgot.then': 'Logg inn med navn og passord, og velg en ny passordfrase. Du må ha nett.',
  'lock.forgot.do': 'Send alt og begynn på nytt',
  'lock.forgot.working': 'Sender alt til kontoret',
  'lock.forgot.delivered': [
    'Kontoret har mottatt {antall} registrering. Logg inn og velg en ny passordfrase.',
    'Kontoret har mottatt {antall} registreringer. Logg inn og velg en ny passordfrase.',
  ],
  'lock.not_available': 'Det gikk ikke. Alt på telefonen er trygt. Prøv igjen når du har nett.',

  'me.title': 'Meg',
  'me.roles': 'Rolle',
  'me.received': 'Sist mottatt',
  'me.text_size': 'Tekststørrelse',
  'me.text_size.1': 'Vanlig',
  'me.text_size.2': 'Stor',
  'me.text_size.3': 'Størst',
  'me.app': 'Appen',
  'me.security': 'Lås og logg ut',
  'me.lock.hint': 'Du må låse opp igjen for å lese. Ingenting slettes.',
  'me.install': 'Legg appen på hjemskjermen',
  'me.install.android': 'Trykk på menyen ⋮ øverst i nettleseren, og velg «Installer app» eller «Legg til på startsiden».',
  'me.install.iphone': 'Trykk på Del-knappen nederst i Safari, og velg «Legg til på Hjem-skjerm».',
  'me.install.why': 'Da starter den raskere, virker uten nett, og telefonen tar bedre vare på det du har skrevet.',
  'me.update_ready': 'En ny utgave av appen er klar.',
  'me.demo': 'Alt du ser, er eksempeldata. Ingen av personene finnes.',
  'logout.title': 'Logge ut?',
  'logout.unsent': [
    '{antall} er ikke sendt. Den ligger trygt her og sendes senere. Vil du logge ut?',
    '{antall} er ikke sendt. De ligger trygt her og sendes senere. Vil du logge ut?',
  ],
  'logout.all_sent': 'Alt er sendt. Vil du logge ut?',

  'role.bomiljo': 'Bomiljøteamet',
  'role.caretaker': 'Miljøvaktmester',
  'role.office': 'Boligsosialt team',
  'role.leader': 'Leder',
  'role.landlord': 'Eiendom',
  'role.admin': 'Administrator',

  'wrong.no_space':
    'Telefonen er full, og det siste er ikke lagret. Alt fra før er trygt. La skjermen stå, frigjør plass og trykk Lagre.',
  'wrong.photo': 'Bildet kan ikke leses og ble ikke lagt til. Teksten er lagret. Ta bildet på nytt.',
  'wrong.photo_no_space': 'Telefonen er full, og bildet er ikke lagret. Alt fra før er trygt. Frigjør plass, og ta bildet på nytt.',
  'wrong.storage_lost':
    'Telefonen har slettet det appen hadde lagret. Det kontoret har mottatt, er trygt. Koble til nett for å se hva som mangler, og ring kontoret.',
  'wrong.too_old':
    'Appen er for gammel til å hente nytt. Det du skriver, lagres og sendes. Trykk Oppdater når du har nett.',
  'wrong.revoked':
    'Kontoret har stengt denne telefonen. Usendt arbeid er levert: {antall}. Resten er slettet herfra. Ring {telefonnummer}.',
  'wrong.lease_over':
    'Telefonen har vært for lenge uten kontakt, så opplysninger om beboere er fjernet herfra. Usendt arbeid er trygt. Koble til nett og logg inn.',
  'wrong.two_tabs':
    'Appen er åpen i to faner. Det du skrev, er lagret. Fortsett i den andre, eller trykk Bruk denne.',
  'wrong.camera':
    'Appen får ikke bruke kameraet. Teksten er lagret. Slå på kamera i innstillingene, eller skriv nummeret.',
  'wrong.no_access':
    'Vi finner ikke dette, eller du har ikke tilgang. Det du selv har skrevet, er trygt. Spør lederen din.',
  'wrong.clock':
    'Klokka på telefonen viser {klokkeslett}, men den er {riktig_klokkeslett}. Alt er trygt og sendes som vanlig. Slå på automatisk tid.',
  'wrong.changed_meanwhile':
    '{navn} endret dette mens du skrev. Begge svar er tatt vare på. Velg ett, eller la kontoret avgjøre.',
  'wrong.form': [
    '{antall} felt må fylles ut eller rettes. Det du skrev, er lagret. Trykk på feltet.',
    '{antall} felt må fylles ut eller rettes. Det du skrev, er lagret. Trykk på feltet.',
  ],
  'wrong.checklist': [
    'Sjekklista er endret siden du begynte. Svarene dine er beholdt. Svar på {antall} nytt punkt.',
    'Sjekklista er endret siden du begynte. Svarene dine er beholdt. Svar på {antall} nye punkter.',
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
  'place.other': 'Et annet sted',
  'place.search': 'Søk etter gate, bygning eller bolignummer',
  'place.building': '{sted}, hele bygget',

  'note.title': 'Noter raskt',
  'note.words': 'Skriv det viktigste',
  'note.what': 'Hva er dette?',
  'note.note': 'Notat',
  'note.deviation': 'Avvik',
  'note.assignment': 'Oppdrag',
  'note.which_home': 'Hvilken bolig gjelder det?',
  'note.handed_in': 'Notatet sendes inn. Lagret på telefonen.',
  'note.moved': 'Teksten er flyttet hit. Lagret på telefonen.',
  'note.too_long': 'Begynnelsen er flyttet hit. Hele notatet ligger under «Noter raskt».',

  'round.title': 'Runde',
  'round.buildings': ['{antall} bygning', '{antall} bygninger'],
  'round.over': 'Runden er gjennomført.',
  'round.left_behind': 'En kollega har gjort ferdig runden. Noe du skrev, venter fortsatt her. Trykk Rett og så Ferdig.',
  'round.finished': 'Runden er ferdig. Lagret på telefonen.',
  'round.untouched': 'Noe er ikke svart på. Det blir stående som «Ikke kontrollert».',
  'round.finish_anyway': 'Ferdig likevel',
  'round.later': 'Fortsett senere',
  'round.not_here': 'Dette bygget er ikke med i runden.',
  'round.no_checklist': 'Sjekklista er ikke kommet til telefonen. Koble til nett, så hentes den.',

  'deviation.title': 'Avvik',
  'deviation.count': ['{antall} avvik', '{antall} avvik'],
  'deviation.call_first': 'Ring {telefonnummer} først. Skriv etterpå.',
  'deviation.from_point': 'Ikke i orden: {punkt}.',
  'deviation.answer_corrected': 'Svaret i runden er rettet.',
  'deviation.noted': 'Avvik notert. Lagret på telefonen.',
  'deviation.not_one': 'Ikke et avvik',
  'deviation.mended': 'Rettet',
  'deviation.mended_here': 'Rettet på stedet',
  'deviation.mended_words': 'Hva ble gjort?',
  'deviation.mended_now': 'Rettet. Lagret på telefonen.',
  'deviation.mended_by_landlord': 'Rettet av eiendom {dato}.',
  'deviation.mended_by': 'Rettet av {navn} {dato}.',
  'deviation.add': 'Legg til',
  'deviation.add_words': 'Hva vil du legge til?',
  'deviation.add_to': 'Legg til på det',
  'deviation.anew': 'Meld et nytt',
  'deviation.added': 'Lagt til. Lagret på telefonen.',
  'deviation.added_title': 'Lagt til',
  'deviation.responsible': 'Ansvar',
  'deviation.found': 'Funnet',
  'deviation.due': 'Frist',
  'deviation.work_order': 'Arbeidsordre',
  'deviation.handling': 'Behandling',

  'assignment.title': 'Oppdrag',
  'assignment.outcome': 'Hvordan gikk det?',
  'assignment.minutes': ['{antall} minutt', '{antall} minutter'],
  'assignment.material_hint': 'Hva, og hvor mye',
  'assignment.take': 'Ta oppdraget',
  'assignment.taken': 'Oppdraget er ditt. Lagret på telefonen.',
  'assignment.ready': 'Klart',
  'assignment.which_day': 'Når prøver du igjen?',
  'assignment.put_off': 'Flyttet til {dato} Lagret på telefonen.',
  'assignment.done_now': 'Ferdig. Lagret på telefonen.',

  'wrong.duplicate':
    'Et avvik som ligner, ble meldt {dato}. Det du skrev, er lagret. Legg til på det, eller meld et nytt.',

  'office.phone': 'kontoret',
} as const satisfies Record<string, string | Plural>

export type Word = keyof typeof WORDS

/** True when there is a text under this key; for keys made from data, such as a role or a reason. */
export function isWord(key: string): key is Word {
  return Object.hasOwn(WORDS, key)
}

/** The text with its {…} filled in; {antall} = 1 chooses the form for one. */
export function text(key: Word, params: Params = {}): string {
  const entry: string | Plural = WORDS[key]
  const form = typeof entry === 'string' ? entry : entry[Number(params['antall']) === 1 ? 0 : 1]
  return form.replace(/\{(\w+)\}/g, (whole, name: string, at: number) => {
    const value = params[name]
    if (value === undefined) return whole
    const words = typeof value === 'number' ? amount(value) : value
    const full = form.charAt(at + whole.length) === '.' && words.endsWith('.')
    return full ? words.slice(0, -1) : words
  })
}

const OSLO = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/Oslo',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
})

function inOslo(instant: Date): Record<string, string> {
  return Object.fromEntries(OSLO.formatToParts(instant).map((part) => [part.type, part.value]))
}

/** The day in Norway at an instant, as YYYY-MM-DD. */
export function dayOf(instant: Date): string {
  const part = inOslo(instant)
  return `${part['year']}-${part['month']}-${part['day']}`
}

/** The hour and minute in Norway at an instant, as 07.12. */
export function clockOf(instant: Date): string {
  const part = inOslo(instant)
  return `${part['hour']}.${part['minute']}`
}

/** A planned hour "09:00" as it is written on the screen: 09.00. */
export function clock(value: string): string {
  return value.replace(':', '.')
}

/** A day YYYY-MM-DD as 12.3., with the year when it is another than `today`'s. */
export function day(value: string, today: string = value): string {
  const [year = '', month = '', date = ''] = value.split('-')
  const short = `${Number(date)}.${Number(month)}.`
  return year === today.slice(0, 4) ? short : `${short}${year}`
}

const WEEKDAYS = ['søndag', 'mandag', 'tirsdag', 'onsdag', 'torsdag', 'fredag', 'lørdag'] as const

/** A day with its name: mandag 12.3. */
export function weekday(value: string, today: string = value): string {
  const index = new Date(`${value}T12:00:00Z`).getUTCDay()
  return `${WEEKDAYS[index] ?? ''} ${day(value, today)}`
}

/** A count with a space between thousands: 1 200. */
export function amount(value: number): string {
  const [whole = '', fraction] = String(value).split('.')
  const spaced = whole.replace(/\B(?=(\d{3})+(?!\d))/g, '\u00a0')
  return fraction === undefined ? spaced : `${spaced},${fraction}`
}

/** Whole kroner: 1 200 kr. */
export function kroner(value: number): string {
  return `${amount(value)}\u00a0kr`
}

/** Bytes as megabytes with one decimal: 12,4 MB; from a thousand on as gigabytes. */
export function megabytes(bytes: number): string {
  if (bytes >= 1_000_000_000) return `${amount(Math.round(bytes / 100_000_000) / 10)}\u00a0GB`
  return `${amount(Math.round(bytes / 100_000) / 10)}\u00a0MB`
}

/** A share of one as whole per cent: 30 %. */
export function percent(share: number): string {
  return `${Math.round(share * 100)}\u00a0%`
}

/** A sentence starts with a capital letter. */
export function capital(value: string): string {
  return value.charAt(0).toLocaleUpperCase('nb') + value.slice(1)
}
