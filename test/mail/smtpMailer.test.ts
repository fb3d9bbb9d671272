import { createServer, type Server } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { smtpMailer } from '../../src/mail/smtpMailer.ts'

const from = { name: 'Quayside', email: 'registry@example.com' }
let server: Server | undefined

/** As much of an SMTP server as it takes to get one mail. */
async function listen(): Promise<{ port: number; heard: string[] }> {
  const heard: string[] = []
  server = createServer((socket) => {
    let isMail = false
    socket.write('220 test\r\n')
    socket.on('error', () => undefined)
    socket.on('data', (bytes) => {
      for (const line of bytes.toString().split('\r\n')) {
        if (line === '') continue
        heard.push(line)
        if (isMail && line !== '.') continue
        isMail = line === 'DATA'
        const answers = { DATA: '354 go on', QUIT: '221 bye', EHLO: '250 test' }
        socket.write(`${answers[line.slice(0, 4) as keyof typeof answers] ?? '250 ok'}\r\n`)
      }
    })
  })
  await new Promise<void>((done) => server?.listen(0, '127.0.0.1', done))
  const address = server.address()
  return { port: typeof address === 'object' ? (address?.port ?? 0) : 0, heard }
}

afterEach(() => void server?.close())

describe('smtpMailer', () => {
  const mail = { to: 'dave@example.com', subject: 'a subject', text: 'a text' }
  const serverAt = (port: number) => ({ host: '127.0.0.1', port, username: '', password: '' })

  it('hands a mail over', async () => {
    const { port, heard } = await listen()
    await smtpMailer({ ...serverAt(port), mustEncrypt: false }, from).send(mail)
    expect(heard).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^MAIL FROM:<registry@example.com>/),
        'RCPT TO:<dave@example.com>',
        'From: Quayside <registry@example.com>',
        'To: dave@example.com',
        'Subject: a subject',
        'a text',
      ]),
    )
  })

  it('hands nothing to a server that cannot encrypt, where it must', async () => {
    const { port, heard } = await listen()
    await expect(smtpMailer({ ...serverAt(port), mustEncrypt: true }, from).send(mail)).rejects.toThrow()
    expect(heard.filter((line) => /^(MAIL|RCPT|DATA|a text)/.test(line))).toEqual([])
  })
})
