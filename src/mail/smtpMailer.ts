import { createTransport } from 'nodemailer'
import type { Mailer } from './mailer.ts'

export interface SmtpServer {
  host: string
  port: number
  /** Refuses to talk to a server without TLS. */
  mustEncrypt: boolean
  username: string
  password: string
}

const implicitTlsPort = 465

/** By an SMTP server; under Node only. */
export function smtpMailer(server: SmtpServer, from: { name: string; email: string }): Mailer {
  const { host, port, mustEncrypt, username, password } = server
  const transport = createTransport({
    host,
    port,
    secure: port === implicitTlsPort,
    requireTLS: mustEncrypt,
    ...(username && { auth: { user: username, pass: password } }),
  })
  return {
    async send(mail) {
      await transport.sendMail({ from: { name: from.name, address: from.email }, ...mail })
    },
  }
}
