import { html } from 'hono/html'
import type { Html } from './page.ts'

export interface SignInForm {
  csrfToken: string
  /** Where to go on afterwards: a path of ours. */
  next: string
  /** What was wrong with the last try. */
  problem?: string
  /** Whether a new password can be had by mail. */
  canRecover: boolean
}

export const signInBody = ({ csrfToken, next, problem, canRecover }: SignInForm): Html => html`
${problem === undefined ? '' : html`<p class="warn" role="alert">${problem}</p>`}
<form method="post" action="/signin">
<input type="hidden" name="_csrf_token" value="${csrfToken}">
<input type="hidden" name="next" value="${next}">
<label>User name or e-mail address
<input name="username" autocomplete="username" autocapitalize="none" required autofocus></label>
<label>Password
<input name="password" type="password" autocomplete="current-password" required></label>
<button>Sign in</button>
</form>
${canRecover ? html`<p class="soft"><a href="/recovery">Forgot your password?</a></p>` : ''}`

/** Where somebody lands who came from nowhere. */
export const signedInBody = (username: string): Html => html`
<p>You are signed in as <strong>${username}</strong>.</p>
<p><a href="/docs">Documentation of the API</a></p>`
