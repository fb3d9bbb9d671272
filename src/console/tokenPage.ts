import { html } from 'hono/html'
import type { Html } from './page.ts'

/** Shows the token that stands behind the address's `#`. */
export const tokenBody = (scope: string): Html => html`
<p>Your token, for <strong>${scope}</strong>. It is shown this once: keep it where you keep passwords.</p>
<code id="token"></code>
<p><button id="copy" class="quiet" type="button" hidden>Copy</button></p>
<p class="soft">Send it as <samp>Authorization: Bearer …</samp>, or use it as the password of the user <samp>$oauthtoken</samp>.</p>
<script src="/console/token.js" defer></script>`

export const cancelledBody = (): Html => html`
<p>Nothing was authorized. You can close this page.</p>`

export const assignedBody = (username: string): Html => html`
<p>Token assigned successfully: ${username} finds it among the authorized applications.</p>`
