# One build for all copies. `docker build -t latchkey .`; how to run it is in docs/operations.md and compose.yaml.

FROM node:24-slim AS build
WORKDIR /app
ENV NEXT_TELEMETRY_DISABLED=1
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
RUN npm run build \
 && npm prune --omit=dev --omit=optional \
 && rm -rf .builds/unfinished node_modules/.cache

FROM node:24-slim
# What `npm start` tells the C library; what it tells V8 is in CMD.
ENV NODE_ENV=production NEXT_TELEMETRY_DISABLED=1 \
    MALLOC_ARENA_MAX=2 MALLOC_MMAP_THRESHOLD_=131072 MALLOC_TRIM_THRESHOLD_=131072 \
    HOST=0.0.0.0 PORT=3000 DATABASE_URL=file:/data/latchkey.db DATA_DIR=/data
WORKDIR /app
# Root's, and so nothing that the server could write over.
COPY --from=build /app/package.json /app/tsconfig.json /app/next.config.mjs /app/server.ts /app/proxy.ts /app/instrumentation.ts ./
COPY --from=build /app/app ./app
COPY --from=build /app/components ./components
COPY --from=build /app/db ./db
COPY --from=build /app/lib ./lib
COPY --from=build /app/scripts ./scripts
COPY --from=build /app/.builds ./.builds
COPY --from=build /app/node_modules ./node_modules
RUN install -d -o node -g node -m 0700 /data
USER node
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/ready`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--max-semi-space-size=8", "--heap-growing-percent=30", "--no-flush-bytecode", "--no-maglev", "--import", "./scripts/quick-imports.ts", "server.ts"]
