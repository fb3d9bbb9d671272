import type { Mailer } from './mailer.ts'

/** By Cloudflare's Email Service, through its binding. The sender's domain has to be onboarded there. */
export const cloudflareMailer = (binding: SendEmail, from: { name: string; email: string }): Mailer => ({
  async send(mail) {
    await binding.send({ from, ...mail })
  },
})
