/**
 * A pure function that keeps what it said lately: at most so many answers, the oldest goes first. For what every request
 * asks anew, and many ask alike.
 */
export function recent<V>(make: (key: string) => V, answersMax = 500): (key: string) => V {
  const answers = new Map<string, V>()
  return (key) => {
    const known = answers.get(key)
    if (known !== undefined) return known
    const answer = make(key)
    answers.set(key, answer)
    if (answers.size > answersMax) answers.delete(answers.keys().next().value as string)
    return answer
  }
}
