import { defineConfig } from "drizzle-kit";

/** For `npm run db:generate` and `npm run db:studio`; the server itself applies the migrations of its engine at start. */
const url = process.env.DATABASE_URL ?? "file:data/latchkey.db";

export default url.startsWith("file:")
  ? defineConfig({
      dialect: "sqlite",
      schema: "./db/schema.ts",
      out: "./db/migrations",
      dbCredentials: { url: url.replace(/^file:/, "") },
    })
  : defineConfig({
      dialect: "postgresql",
      schema: "./db/schema.ts",
      out: "./db/migrations-postgres",
      dbCredentials: { url },
    });
