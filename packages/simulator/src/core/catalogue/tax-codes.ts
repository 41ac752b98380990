import { invalidRequest, noSuch } from '../error.js'
import type { Handler, Handlers } from '../handler.js'
import type { PageParams } from '../transaction.js'

interface TaxCode {
  readonly id: string
  readonly object: 'tax_code'
  readonly description: string
  readonly name: string
  readonly requirements: null
}

/** Stripe has some six hundred; these are the ones a software business meets. https://docs.stripe.com/tax/tax-codes */
const TAX_CODES: readonly TaxCode[] = [
  taxCode(
    'txcd_00000000',
    'Nontaxable',
    'Any nontaxable good or service which can be used to ensure no tax is applied.',
  ),
  taxCode(
    'txcd_10000000',
    'General - Electronically Supplied Services',
    'A digital service provided mainly through the internet.',
  ),
  taxCode(
    'txcd_10010001',
    'Infrastructure as a service (IaaS) - personal use',
    'Computing infrastructure provided over the internet, for personal use.',
  ),
  taxCode(
    'txcd_10101000',
    'Infrastructure as a service (IaaS) - business use',
    'Computing infrastructure provided over the internet, for business use.',
  ),
  taxCode(
    'txcd_10102000',
    'Platform as a service (PaaS) - business use',
    'A platform to develop and run applications, for business use.',
  ),
  taxCode(
    'txcd_10103000',
    'Software as a service (SaaS) - personal use',
    'Pre-written software, delivered electronically and hosted, for personal use.',
  ),
  taxCode(
    'txcd_10103001',
    'Software as a service (SaaS) - business use',
    'Pre-written software, delivered electronically and hosted, for business use.',
  ),
  taxCode(
    'txcd_10103100',
    'Software as a service (SaaS) - electronic download - personal use',
    'Hosted software with downloaded parts, for personal use.',
  ),
  taxCode(
    'txcd_10103101',
    'Software as a service (SaaS) - electronic download - business use',
    'Hosted software with downloaded parts, for business use.',
  ),
  taxCode(
    'txcd_10201000',
    'Video Games - downloaded - non subscription - with permanent rights',
    'A video game that is downloaded and kept.',
  ),
  taxCode(
    'txcd_10202000',
    'Downloadable Software - personal use',
    'Pre-written software that is downloaded, for personal use.',
  ),
  taxCode(
    'txcd_10202003',
    'Downloadable Software - business use',
    'Pre-written software that is downloaded, for business use.',
  ),
  taxCode(
    'txcd_10302000',
    'Digital Books - downloaded - non subscription - with permanent rights',
    'A book that is downloaded and kept.',
  ),
  taxCode('txcd_10701100', 'Website Hosting', 'Storage of the files of a website, and their delivery.'),
  taxCode('txcd_20030000', 'General - Services', 'General category for services.'),
  taxCode('txcd_20060044', 'Training Services - Live Virtual', 'Training given live over the internet.'),
  taxCode('txcd_92010001', 'Shipping', 'A charge for shipping or delivery.'),
  taxCode(
    'txcd_99999999',
    'General - Tangible Goods',
    'A physical good that can be moved or touched. Also known as tangible personal property.',
  ),
]

const BY_ID = new Map(TAX_CODES.map((code) => [code.id, code]))

function taxCode(id: string, name: string, description: string): TaxCode {
  return { id, object: 'tax_code', description, name, requirements: null }
}

/** A tax code's id as a request names it: any of Stripe's form, since only a few are known here. */
export function checkedTaxCode(id: string, param: string): string {
  if (/^txcd_\d{8}$/.test(id)) return id
  throw invalidRequest(`No such tax code: '${id}'`, { code: 'resource_missing', param })
}

/** What is known of a tax code that an object names. */
export function taxCodeOf(id: string): TaxCode | undefined {
  return BY_ID.get(id)
}

const retrieve: Handler = (_transaction, { path }) => {
  const id = path['id'] ?? ''
  const found = BY_ID.get(id)
  if (found === undefined) throw noSuch('tax code', id, { param: 'id', status: 404 })
  return found
}

const list: Handler<PageParams> = (_transaction, { params }) => {
  const { limit = 10, starting_after: after, ending_before: before } = params
  const end = before === undefined ? TAX_CODES.length : placeOf(before, 'ending_before')
  const start = after === undefined ? 0 : placeOf(after, 'starting_after') + 1
  const from = before === undefined ? start : Math.max(end - limit, 0)
  const data = TAX_CODES.slice(from, Math.min(from + limit, end))
  const hasMore = before === undefined ? from + limit < end : from > 0
  return { object: 'list', data, has_more: hasMore, url: '/v1/tax_codes' }
}

function placeOf(id: string, param: string): number {
  const place = TAX_CODES.findIndex((code) => code.id === id)
  if (place === -1) throw noSuch('tax code', id, { param, status: 400 })
  return place
}

export const taxCodesHandlers: Handlers = { 'tax_codes.list': list, 'tax_codes.retrieve': retrieve }
