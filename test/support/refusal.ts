/** What a refusal says, in whichever form it comes. */
export async function refusal(response: Response): Promise<string | undefined> {
  const answer = (await response.json()) as { detail?: string; message?: string; error?: string }
  return answer.detail ?? answer.message ?? answer.error
}

/** Whether the refusal is typed (a problem) or a bare message: clients look at different keys. */
export async function formOf(response: Response): Promise<'problem' | 'message' | 'error' | undefined> {
  const answer = (await response.clone().json()) as Record<string, unknown>
  if ('error_type' in answer) return 'problem'
  return 'message' in answer ? 'message' : 'error' in answer ? 'error' : undefined
}
