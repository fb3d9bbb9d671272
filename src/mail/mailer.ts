/** A mail in plain text. */
export interface Mail {
  to: string
  subject: string
  text: string
}

/** Hands mail to whoever carries it. */
export interface Mailer {
  /** @throws where it was not taken */
  send(mail: Mail): Promise<void>
}
