# docker build -t egress-lint . && docker run --rm -v "$PWD:/repo:ro" egress-lint k8s/
FROM node:22-bookworm-slim AS build
WORKDIR /src
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY . .
# Compiled code is for the Node.js that built it.
RUN node src/scripts/build.mjs && rm -f dist/*.cache

# The program is one bundle: of npm and its packages nothing is needed.
FROM node:22-alpine
COPY --from=build /src/package.json /src/LICENSE /opt/egress-lint/
COPY --from=build /src/docs/rules /opt/egress-lint/docs/rules
COPY --from=build /src/dist /opt/egress-lint/dist
RUN ln -s /opt/egress-lint/dist/egress-lint.cjs /usr/local/bin/egress-lint
USER 1000:1000
WORKDIR /repo
ENTRYPOINT ["egress-lint"]
