import { noSuch } from '../error.js'
import type { Handler, Handlers } from '../handler.js'

/** Templates are made in the Dashboard only; as there is none here, there are no templates. */
const list: Handler = () => ({ object: 'list', data: [], has_more: false, url: '/v1/invoice_rendering_templates' })

const named: Handler = (_transaction, { path }) => {
  throw noSuch('invoice_rendering_template', path['id'] ?? '', { param: 'template', status: 404 })
}

export const renderingTemplateHandlers: Handlers = {
  'invoice_rendering_templates.list': list,
  'invoice_rendering_templates.retrieve': named,
  'invoice_rendering_templates.archive': named,
  'invoice_rendering_templates.unarchive': named,
}
