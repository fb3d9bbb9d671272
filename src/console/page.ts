import type { Context } from 'hono'
import { html } from 'hono/html'
import type { ContentfulStatusCode } from 'hono/utils/http-status'

export type Html = ReturnType<typeof html>

export interface Page {
  title: string
  /** What the registry is called here. */
  registry: string
  body: Html
  /** Origins besides our own that a form of this page may lead to. */
  leadsTo?: readonly string[]
}

/** Answers with a page of the console. It takes style and scripts from us alone, and nobody may frame it. */
export function answerWithPage(
  c: Context,
  { title, registry, body, leadsTo = [] }: Page,
  status: ContentfulStatusCode = 200,
): Response | Promise<Response> {
  const policy = [
    "default-src 'none'",
    "img-src 'self'",
    "style-src 'self'",
    "script-src 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    `form-action ${["'self'", ...leadsTo].join(' ')}`,
  ]
  c.header('Content-Security-Policy', policy.join('; '))
  c.header('X-Frame-Options', 'DENY')
  c.header('X-Content-Type-Options', 'nosniff')
  c.header('Referrer-Policy', 'no-referrer')
  c.header('Cache-Control', 'no-store')
  return c.html(
    html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · ${registry}</title>
<link rel="icon" href="/favicon.svg">
<link rel="stylesheet" href="/console/style.css">
</head>
<body>
<header><img src="/favicon.svg" alt="" width="28" height="28">${registry}</header>
<main>
<h1>${title}</h1>
${body}
</main>
</body>
</html>
`,
    status,
  )
}
