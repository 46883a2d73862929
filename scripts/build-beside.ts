import { build } from "./build.ts";

/** `npm run build`: makes the build that the next `npm start` starts, while a server goes on answering from its own. */
const isNew = await build();
console.log(
  isNew
    ? "\n  Built. A running server goes on with the build it has; the next npm start starts this one.\n"
    : "\n  These sources are built already. The next npm start starts that build.\n",
);
