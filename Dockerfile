# syntax=docker/dockerfile:1
# glibc is needed by the embedded engine, so the base is Debian and not Alpine.
FROM node:20-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY scripts/prepare.mjs scripts/prepare.mjs
RUN npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY src src
COPY schemas schemas
COPY examples examples
COPY bench bench
COPY console console
RUN npm run build && npm prune --omit=dev

FROM node:20-bookworm-slim
ENV NODE_ENV=production KEYTRAIL_DATA_DIR=/var/lib/keytrail
WORKDIR /app
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json LICENSE NOTICE CHANGELOG.md ./
COPY bin bin
COPY schemas schemas
COPY queries queries
COPY reports reports
COPY examples examples
# The store is the only thing that is written, and by a user that owns nothing else.
RUN install -d -o node -g node -m 0700 /var/lib/keytrail
USER node
VOLUME /var/lib/keytrail
ENTRYPOINT ["node", "/app/bin/keytrail.cjs"]
CMD ["--help"]
