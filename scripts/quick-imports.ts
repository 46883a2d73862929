import { registerHooks } from "node:module";

/**
 * Spares the start half a second. For each file it imports, Node looks up in the package's own package.json how the file
 * is to be read, and parses that anew each time; drizzle-orm has four hundred files and names them all in 130 KB of `exports`.
 * What one of its modules imports from beside it is a module as well.
 */
registerHooks({
  resolve(specifier, context, next) {
    const from = context.parentURL;
    if (
      from &&
      specifier.startsWith(".") &&
      specifier.endsWith(".js") &&
      from.includes(PACKAGE) &&
      from.endsWith(".js")
    )
      return { url: new URL(specifier, from).href, format: "module", shortCircuit: true };
    return next(specifier, context);
  },
});

const PACKAGE = "/node_modules/drizzle-orm/";
