import { html } from 'hono/html'
import type { Html } from './page.ts'

/** What the forms behind a link from a mail send along. */
export interface CodeForm {
  csrfToken: string
  code: string
}

const hidden = ({ csrfToken, code }: CodeForm): Html => html`
<input type="hidden" name="_csrf_token" value="${csrfToken}">
<input type="hidden" name="code" value="${code}">`

/** Asks where to send the mail with the code. */
export const askRecoveryBody = (csrfToken: string): Html => html`
<p>A mail to your address will let you set a new password.</p>
<form method="post" action="/recovery">
<input type="hidden" name="_csrf_token" value="${csrfToken}">
<label>E-mail address
<input name="email" type="email" autocomplete="email" required autofocus></label>
<button>Send the mail</button>
</form>`

/** Sets a new password. A link alone changes nothing: mail is read by programs too. */
export const newPasswordBody = (form: CodeForm & { username: string; problem?: string }): Html => html`
${form.problem === undefined ? '' : html`<p class="warn" role="alert">${form.problem}</p>`}
<p>Choose a new password for <strong>${form.username}</strong>: at least 8 characters, without spaces.</p>
<form method="post" action="/recovery">${hidden(form)}
<input type="hidden" name="username" value="${form.username}" autocomplete="username">
<label>New password
<input name="password" type="password" autocomplete="new-password" minlength="8" required autofocus></label>
<button>Set password and sign in</button>
</form>`

export const confirmAddressBody = (form: CodeForm & { username: string; email: string }): Html => html`
<p>Is <strong>${form.email}</strong> the address of the account <strong>${form.username}</strong>?</p>
<form method="post" action="/confirm">${hidden(form)}<button>Confirm</button></form>`

export const invitationBody = (form: CodeForm & { inviter: string; organization: string; team: string }): Html => html`
<p>${form.inviter} invites you into the team <strong>${form.team}</strong> of <strong>${form.organization}</strong>.</p>
<form class="side" method="post" action="/confirminvite">${hidden(form)}<button name="answer" value="accept">Join</button></form>
<form class="side" method="post" action="/confirminvite">${hidden(form)}<button class="quiet" name="answer" value="decline">Decline</button></form>`

/** How it ended, in a sentence. */
export const outcomeBody = (sentence: string): Html => html`
<p>${sentence}</p>
<p><a href="/signin">Go to the registry</a></p>`
