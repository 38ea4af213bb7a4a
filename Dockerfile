# syntax=docker/dockerfile:1
# Two stages that throw their tools away, and one that runs: no compiler, no tests, no npm cache, nothing that the process may write.

FROM node:22-bookworm-slim AS build
WORKDIR /srv/latchkey
COPY package.json package-lock.json ./
COPY patches ./patches
RUN npm ci --ignore-scripts --no-audit --no-fund && npx --no-install patch-package
COPY tsconfig.json ./
COPY src ./src
RUN node src/build.mjs

# What runs needs: left out are the tools and the embedded Postgres, since a container gets DATABASE_URL.
FROM node:22-bookworm-slim AS packages
WORKDIR /srv/latchkey
COPY package.json package-lock.json ./
COPY patches ./patches
RUN npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund && npx --no-install patch-package

FROM node:22-bookworm-slim
ENV NODE_ENV=production LATCHKEY_CONFIG=/config
WORKDIR /srv/latchkey
COPY --from=packages /srv/latchkey/node_modules ./node_modules
COPY --from=build /srv/latchkey/dist ./dist
COPY package.json LICENSE ./
COPY migrations ./migrations
COPY manifests ./manifests
RUN ln -s /srv/latchkey/dist/cli/latchkey.js /usr/local/bin/latchkey
# The user "node" of the image, by number, so that a platform can see that it isn't root.
USER 1000:1000
EXPOSE 3000
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 3000}/readyz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["latchkey"]
CMD ["serve"]
