/** The key of a mail with only such characters as file names and Message-IDs take. */
export function messageName(key: string): string {
  return key.replace(/[^\w-]/g, (character) => (character === ':' ? '.' : `=${character.charCodeAt(0).toString(16)}`))
}

/** The same for the same mail, so that a mailbox shows it once if it was sent twice. */
export function messageId(key: string, from: string): string {
  const domain = /@([\w.-]+)/.exec(from)?.[1] ?? 'localhost'
  return `<${messageName(key)}@${domain}>`
}
