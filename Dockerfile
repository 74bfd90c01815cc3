# syntax=docker/dockerfile:1
FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o /out/anjie ./cmd/anjie \
 && mkdir -p /out/data /out/tmp /out/etc/ssl/certs \
 && cp /etc/ssl/certs/ca-certificates.crt /out/etc/ssl/certs/

# Nothing but the binary, the certificates and an empty data folder: no shell,
# no package manager, not root.
FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=build /out/anjie /anjie
COPY --from=build --chown=nonroot:nonroot /out/data /data
ENV ANJIE_DATA=/data ANJIE_LISTEN=0.0.0.0:8080
VOLUME /data
EXPOSE 8080
USER 65532:65532
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
  CMD ["/anjie", "doctor", "--health", "http://127.0.0.1:8080/healthz"]
ENTRYPOINT ["/anjie"]
CMD ["serve"]
