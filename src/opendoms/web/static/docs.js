// Shows the API description of this server. Tokens that are typed in stay in the page's memory.
window.ui = SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#description",
  deepLinking: true,
  displayRequestDuration: true,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  persistAuthorization: false,
  tryItOutEnabled: false,
  validatorUrl: null, // the default asks an outside host
  presets: [SwaggerUIBundle.presets.apis],
  layout: "BaseLayout",
});
