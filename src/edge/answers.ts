/** An answer as it goes out: what a lookup of one version of a repository says. */
export interface Answer {
  body: string
  /** A strong validator: a hash of the body. */
  etag: string
  contentType: string
  headers: Record<string, string>
  /** What its dialect wants to know again of what was answered. */
  subject?: unknown
}

/** Answers by key in the memory of this isolate: bounded, the least lately used goes first. */
export function answerMemory(bytesMax = 16 * 1024 * 1024) {
  const answers = new Map<string, Answer>()
  let bytes = 0
  const drop = (key: string, answer: Answer) => {
    answers.delete(key)
    bytes -= sizeOf(answer)
  }
  return {
    get(key: string): Answer | undefined {
      const answer = answers.get(key)
      if (!answer) return undefined
      answers.delete(key)
      answers.set(key, answer)
      return answer
    },
    put(key: string, answer: Answer) {
      const before = answers.get(key)
      if (before) drop(key, before)
      if (sizeOf(answer) > bytesMax / 16) return
      answers.set(key, answer)
      bytes += sizeOf(answer)
      for (const [oldest, value] of answers) {
        if (bytes <= bytesMax) break
        drop(oldest, value)
      }
    },
  }
}

export type AnswerMemory = ReturnType<typeof answerMemory>

/** Two bytes a character is what a string may take, and the rest is guessed. */
const sizeOf = ({ body }: Answer) => body.length * 2 + 512
