import { describe, expect, it } from 'vitest'
import type { Json, Shown } from '../src/app.svelte'
import { KINDS } from '../src/contract'
import { addMonths } from '../src/days'
import { questionsOf, stepsAhead } from '../src/programmes/acts'
import { aheadOf } from '../src/programmes/ahead'
import { inherited } from '../src/programmes/programmes'
import { FEW, fitting } from '../src/ui/picking'

const TODAY = '2026-11-23'

function shown(kind: string, body: Record<string, Json>): Shown {
  return { id: 'id', kind, body, pending: false, seq: 1, state: 'received' }
}

function asked(kind: string, body: Record<string, Json>): [string, string[]][] {
  return questionsOf(shown(kind, body), TODAY).map((one) => [one.words, one.acts.map((act) => act.words)])
}

describe('one tap', () => {
  it('answers an offer, until it is answered', () => {
    expect(asked('offer', { what: 'economy' })).toEqual([['Svar', ['Ja', 'Ikke nå', 'Nei', 'Ikke nådd']]])
    expect(asked('offer', { answer: 'no' })).toEqual([])
  })

  it('says how an agreement holds after two weeks, then after six, with the day', () => {
    const first = questionsOf(shown('conflict_agreement', { agreed_on: '2026-11-09' }), TODAY)
    expect(first.map((one) => one.words)).toEqual(['Holder avtalen?'])
    expect(first[0]?.acts[0]?.values).toEqual({ first_holds: 'yes', first_on: TODAY })
    expect(asked('conflict_agreement', { first_holds: 'yes', first_on: TODAY })).toEqual([['Holder avtalen nå?', ['Ja', 'Delvis', 'Nei']]])
    expect(asked('conflict_agreement', { first_holds: 'yes', first_on: TODAY, second_holds: 'no', second_on: TODAY })).toEqual([])
  })

  it('takes «waiting» for no answer to a referral', () => {
    expect(asked('referral', { answer: 'waiting' })).toEqual([['Svar', ['Tatt imot', 'Avslått']]])
  })

  it('takes the steps of arrears in their order, and none once it is over', () => {
    const words = (body: Record<string, Json>): string[] => stepsAhead(shown('arrears_case', body), TODAY).map((act) => act.words)
    expect(words({ noticed_on: TODAY })[0]).toBe('Kontaktet')
    expect(words({ noticed_on: TODAY, warned_on: TODAY })).toEqual(['Oppsigelse', 'Begjæring om fravikelse'])
    expect(words({ closed_on: TODAY })).toEqual([])
    expect(stepsAhead(shown('arrears_case', {}), TODAY)[0]?.values).toEqual({ contacted_on: TODAY })
  })

  it('writes only fields and answers that the contract has', () => {
    for (const kind of Object.keys(KINDS)) {
      const acts = [...questionsOf(shown(kind, {}), TODAY).flatMap((one) => one.acts), ...stepsAhead(shown(kind, {}), TODAY)]
      for (const path of acts.flatMap((act) => Object.keys(act.values))) expect(KINDS[kind]?.fields.some((field) => field.name === path)).toBe(true)
    }
  })
})

describe('days ahead', () => {
  it('are a week, a month and three months away, also at the end of a month', () => {
    expect(aheadOf('2026-11-30').map(({ on }) => on)).toEqual(['2026-12-07', '2026-12-30', '2027-02-28'])
    expect(addMonths('2026-12-31', 1)).toBe('2027-01-31')
    expect(addMonths('2026-01-31', 13)).toBe('2027-02-28')
  })
})

describe('what hangs on another', () => {
  it('has its place from there', () => {
    const plan = shown('follow_up_plan', { dwelling: 'd', tenancy: 't', started_on: TODAY })
    expect(inherited('evaluation', plan)).toEqual({ dwelling: 'd', tenancy: 't' })
    expect(inherited('case_party', shown('conflict_case', { area: 'a', building: 'b' }))).toEqual({})
  })
})

describe('a choice among records', () => {
  const many = Array.from({ length: FEW + 1 }, (_, at) => `Kari ${at + 1}`)

  it('is read through while they are few, and looked for when they are many', () => {
    expect(fitting(['b', 'a'], (one) => one, '')).toEqual(['a', 'b'])
    expect(fitting(many, (one) => one, ' ')).toEqual([])
    expect(fitting(many, (one) => one, '12 kar')).toEqual(['Kari 12'])
  })
})
