import { defineConfig } from "drizzle-kit";

/** For `npm run db:generate` and `npm run db:studio`; the server itself applies `db/migrations` at start. */
export default defineConfig({
  dialect: "sqlite",
  schema: "./db/schema.ts",
  out: "./db/migrations",
  dbCredentials: { url: "data/latchkey.db" },
});
