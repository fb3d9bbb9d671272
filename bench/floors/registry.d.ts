/** What a deployment would send. */
declare module 'registry' {
  const registry: { fetch(request: Request, env: unknown, context: ExecutionContext): Promise<Response> }
  export default registry
}
