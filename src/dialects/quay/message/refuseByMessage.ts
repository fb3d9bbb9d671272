import type { Actor } from '../../../domain/actor.ts'
import { refuse } from '../access.ts'
import { messageError } from '../errors.ts'

/** Who is known and may not hears it in the words of the framework that Quay stands on. */
export function refuseByMessage(actor: Actor | undefined): never {
  if (actor) throw messageError(403, "You don't have the permission to access the requested resource.")
  return refuse(actor)
}
