window.SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#documents',
  deepLinking: true,
  docExpansion: 'none',
  filter: true,
  validatorUrl: null,
})
