FROM --platform=$BUILDPLATFORM golang:1.26-alpine AS build
ARG TARGETOS
ARG TARGETARCH
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH \
    go build -trimpath -ldflags='-s -w' -o /articlebot ./cmd/articlebot

# Nothing but the program and the certificates it trusts. It writes no file, so
# the root may be read-only.
FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /articlebot /articlebot
USER 65532:65532
ENV HTTP_ADDR=127.0.0.1:8080
HEALTHCHECK --start-period=30s CMD ["/articlebot", "health"]
ENTRYPOINT ["/articlebot"]
