# docker build -t egress-lint . && docker run --rm -v "$PWD:/repo:ro" egress-lint k8s/
FROM node:22-bookworm-slim AS build
WORKDIR /src
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY . .
# What is packed is what others install: the built program, its pages, the licenses.
RUN npm pack && mkdir /opt/egress-lint && tar -xzf egress-lint-*.tgz --strip-components=1 -C /opt/egress-lint

# The program is one bundle: of npm and its packages nothing is needed.
FROM node:22-alpine
COPY --from=build /opt/egress-lint /opt/egress-lint
RUN ln -s /opt/egress-lint/dist/egress-lint.cjs /usr/local/bin/egress-lint
USER 1000:1000
WORKDIR /repo
ENTRYPOINT ["egress-lint"]
