import { html } from 'hono/html'
import { type Scope, scopes } from '../domain/token/scope.ts'
import type { Html } from './page.ts'

export interface Consent {
  application: { name: string; description: string; organization: string }
  username: string
  scopes: readonly Scope[]
  /** What the form sends along with the user's answer. */
  fields: Record<string, string>
}

/** What an application wants, in words, and the two answers to it. */
export function consentBody({ application, username, scopes: asked, fields }: Consent): Html {
  const hidden = Object.entries(fields).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  )
  const isDangerous = asked.some((scope) => scopes[scope].dangerous)
  return html`
<p><strong>${application.name}</strong> of ${application.organization} asks to act for you, ${username}.</p>
${application.description === '' ? '' : html`<p class="soft">${application.description}</p>`}
<p>It will be able to</p>
<ul class="scopes">${asked.map(
    (scope) => html`<li><strong class="${scopes[scope].dangerous ? 'danger' : ''}">${scopes[scope].title}</strong>
<p>${scopes[scope].description}</p></li>`,
  )}</ul>
${isDangerous ? html`<p class="warn">Some of this gives it power over accounts. Agree only if you trust it.</p>` : ''}
<form class="side" method="post" action="/oauth/authorizeapp">${hidden}<button>Authorize</button></form>
<form class="side" method="post" action="/oauth/denyapp">${hidden}<button class="quiet">Cancel</button></form>`
}
