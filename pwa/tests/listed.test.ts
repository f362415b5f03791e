import { beforeEach, describe, expect, it } from 'vitest'
import { keepSetting, settings } from '../src/listed'
import { freshDisk } from './parts'

beforeEach(freshDisk)

describe('what is remembered without a key', () => {
  it('stands after a restart, one setting beside the other, and can be taken away', async () => {
    await keepSetting('text_size', '3')
    await keepSetting('logged_out', 'due')
    expect(await settings(['text_size', 'demo'])).toEqual(['3', null])
    await keepSetting('logged_out', null)
    expect(await settings(['logged_out', 'text_size', 'demo'])).toEqual([null, '3', null])
  })
})
