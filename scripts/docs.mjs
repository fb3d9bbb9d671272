/** Puts the documents page's script and style, which we serve ourselves, into public/docs. */
import { copyFile, mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const files = ['swagger-ui.css', 'swagger-ui-bundle.js']

export async function copyDocs() {
  const source = dirname(fileURLToPath(import.meta.resolve('swagger-ui-dist/package.json')))
  const target = join(dirname(import.meta.dirname), 'public/docs')
  await mkdir(target, { recursive: true })
  await Promise.all(files.map((file) => copyFile(join(source, file), join(target, file))))
}

if (import.meta.main) await copyDocs()
