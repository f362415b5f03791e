# The image's steps are those of ./run; it serves as an ordinary user and keeps its data in /data.
FROM python:3.11-slim-bookworm

RUN useradd --create-home --uid 10001 oppgang && install -d -o oppgang /app /data
WORKDIR /app
USER oppgang

COPY --chown=oppgang . .
RUN ./run install && rm -rf pwa/node_modules .tools

ENV OPPGANG_DATA=/data OPPGANG_KEYS=/data/keys PYTHONUNBUFFERED=1
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD [".venv/bin/python", "-c", \
  "import urllib.request as web; web.urlopen('http://localhost:8000/api/v1/health', timeout=4)"]
CMD ["./run", "start", "--host", "0.0.0.0"]
