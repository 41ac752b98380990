import { describe, expect, test } from 'vitest'
import type { PlanDefinitions } from './domain/catalog.js'
import type { BillingOptions } from './options.js'
import { readSettings } from './settings.js'
import { BillingError } from './errors.js'

const options: BillingOptions<PlanDefinitions> = {
  database: {
    exec: () => Promise.resolve([]),
    transaction: () => Promise.reject(new Error('no database')),
    close: () => Promise.resolve(),
  },
  plans: { free: { name: 'Free', features: {} } },
  identify: () => null,
}

const env = { STRIPE_SECRET_KEY: 'sk_test_env' }

function codeOf(read: () => unknown): string {
  try {
    read()
    return 'none'
  } catch (error) {
    return error instanceof BillingError ? error.code : String(error)
  }
}

describe('settings', () => {
  test('come from the environment where the options leave them out', () => {
    const settings = readSettings(options, {
      ...env,
      STRIPE_WEBHOOK_SECRET: 'whsec_new, whsec_old',
      STRIPE_API_BASE: 'http://127.0.0.1:12111',
      APP_URL: 'https://app.example/somewhere',
      PAYWRIGHT_WORK_SECRET: 'work',
    })
    expect(settings).toMatchObject({
      secretKey: 'sk_test_env',
      webhookSecrets: ['whsec_new', 'whsec_old'],
      apiBase: 'http://127.0.0.1:12111',
      origins: { origin: 'https://app.example', allowed: [] },
      workSecret: 'work',
      graceSeconds: 7 * 86_400,
      basePath: '/api/billing',
    })
  })

  test('come from the options first', () => {
    const settings = readSettings(
      {
        ...options,
        stripe: { secretKey: 'sk_test_option', webhookSecrets: [undefined, '', 'whsec_option'] },
        baseUrl: 'http://localhost:3000',
        allowedReturnOrigins: ['https://admin.example/'],
        basePath: '/billing/',
        grace: '12h',
      },
      { ...env, STRIPE_WEBHOOK_SECRET: 'whsec_env', APP_URL: 'https://other.example' },
    )
    expect(settings).toMatchObject({
      secretKey: 'sk_test_option',
      webhookSecrets: ['whsec_option'],
      origins: { origin: 'http://localhost:3000', allowed: ['https://admin.example'] },
      basePath: '/billing',
      graceSeconds: 43_200,
      workSecret: null,
    })
  })

  test('never hold the key in what is stored to know it again', () => {
    const { keyFingerprint } = readSettings(options, env)
    expect(keyFingerprint).not.toContain('sk_test_env')
    expect(readSettings(options, { STRIPE_SECRET_KEY: 'sk_test_other' }).keyFingerprint).not.toBe(keyFingerprint)
  })

  test.each([
    ['no key', {}, {}],
    ['an empty key', {}, { STRIPE_SECRET_KEY: ' ' }],
    ['a grace that is no length of time', { grace: 'soon' as '1d' }, env],
    ['an address without an origin', { baseUrl: 'app.example' }, env],
    ['an origin with another scheme', { baseUrl: 'https://app.example', allowedReturnOrigins: ['app://x'] }, env],
    ['a base path that is none', { basePath: 'api' }, env],
    ['no plans', { plans: {} }, env],
  ])('refuse %s', (_name, change, environment) => {
    expect(codeOf(() => readSettings({ ...options, ...change }, environment))).toBe('configuration_invalid')
  })

  test('refuse a live key, unless real money is meant', () => {
    for (const STRIPE_SECRET_KEY of ['sk_live_1', 'rk_live_1']) {
      expect(codeOf(() => readSettings(options, { STRIPE_SECRET_KEY }))).toBe('live_key_forbidden')
      expect(codeOf(() => readSettings(options, { STRIPE_SECRET_KEY, NODE_ENV: 'production' }))).toBe('none')
      expect(codeOf(() => readSettings({ ...options, allowLiveKey: true }, { STRIPE_SECRET_KEY }))).toBe('none')
    }
  })
})
