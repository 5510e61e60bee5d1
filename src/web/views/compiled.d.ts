/** The views as `bin/build-web.cjs` compiles them, into one module beside this place in dist. */
export const views: Readonly<Record<string, object>>
