import { z } from '@hono/zod-openapi'
import { clientSecretOf } from '../../../domain/application/createApplication.ts'
import type { Vault } from '../../../domain/token/vault.ts'
import type { Application } from '../../../store/applications.ts'

export const ApplicationView = z
  .object({
    name: z.string(),
    description: z.string(),
    application_uri: z.string(),
    client_id: z.string(),
    client_secret: z.string().nullable(),
    redirect_uri: z.string().nullable(),
    avatar_email: z.string().nullable(),
  })
  .openapi('OAuthApplication')

/** An application; who may only look is not shown what it signs in with. */
export async function applicationView(
  application: Application,
  vault: Vault,
  mayAdminister: boolean,
): Promise<z.infer<typeof ApplicationView>> {
  const { name, description, applicationUri, clientId, redirectUri, avatarEmail } = application
  return {
    name,
    description,
    application_uri: applicationUri,
    client_id: clientId,
    client_secret: mayAdminister ? ((await clientSecretOf(application, vault)) ?? '') : null,
    redirect_uri: mayAdminister ? redirectUri : null,
    avatar_email: mayAdminister ? avatarEmail : null,
  }
}
