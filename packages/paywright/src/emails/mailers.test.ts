import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTransport } from 'nodemailer'
import { expect, onTestFinished, test } from 'vitest'
import type { Mail } from '../engine/ports.js'
import { fileMailer } from './file-mailer.js'
import { memoryMailer } from './memory-mailer.js'
import { messageId } from './message-id.js'
import { nodemailerMailer } from './nodemailer-mailer.js'

const MAIL: Mail = {
  key: 'mail:payment.failed:in_1:2',
  to: 'ada@example.com',
  subject: 'Your payment failed',
  html: '<p>It failed.</p>',
  text: 'It failed.',
}

test('the memory keeps one mail for one key, as a mailbox does', async () => {
  const mailer = memoryMailer()
  await mailer.send(MAIL)
  await mailer.send(MAIL)
  await mailer.send({ ...MAIL, key: 'mail:payment.failed:in_1:3' })
  expect(mailer.sent.map(({ key }) => key)).toEqual([MAIL.key, 'mail:payment.failed:in_1:3'])
})

test('the directory has one file for one key, whatever stands in the key', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'paywright-mails-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  const mailer = fileMailer(join(directory, 'mails'))
  await mailer.send(MAIL)
  await mailer.send(MAIL)
  await mailer.send({ ...MAIL, key: '../../out' })
  const names = await readdir(join(directory, 'mails'))
  expect(names.toSorted()).toEqual(['=2e=2e=2f=2e=2e=2fout.json', 'mail.payment=2efailed.in_1.2.json'])
  const text = await readFile(join(directory, 'mails', 'mail.payment=2efailed.in_1.2.json'), 'utf8')
  expect(JSON.parse(text)).toEqual(MAIL)
})

test('nodemailer is given both forms, the sender, and an id that is the same for the same mail', async () => {
  const sent: string[] = []
  const transport = createTransport({ jsonTransport: true })
  const mailer = nodemailerMailer(
    { sendMail: async (message) => sent.push((await transport.sendMail(message)).message) },
    { from: 'Acme <billing@acme.example>' },
  )
  await mailer.send(MAIL)
  await mailer.send({ ...MAIL, from: 'Other <post@other.example>' })
  const [own, other] = sent.map((message): unknown => JSON.parse(message))
  expect(own).toMatchObject({
    from: { name: 'Acme', address: 'billing@acme.example' },
    to: [{ address: 'ada@example.com' }],
    subject: MAIL.subject,
    html: MAIL.html,
    text: MAIL.text,
    messageId: '<mail.payment=2efailed.in_1.2@acme.example>',
    headers: { 'Auto-Submitted': 'auto-generated' },
  })
  expect(other).toMatchObject({ from: { address: 'post@other.example' } })
})

test('keys that differ have ids that differ', () => {
  const ids = ['a:b', 'a.b', 'a b', 'a=3ab', 'a=b'].map((key) => messageId(key, 'billing@acme.example'))
  expect(new Set(ids).size).toBe(ids.length)
})
