# Two stages: the first builds the environment from the lock, the second holds it and the code, and runs as nobody.
FROM python:3.11-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /finrec
RUN python -m venv .venv
COPY requirements.lock ./
RUN .venv/bin/pip install --require-hashes --requirement requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY engine engine
COPY schema schema
COPY server server
COPY store store
COPY workers workers
RUN .venv/bin/pip install --no-deps --no-build-isolation --editable .

FROM python:3.11-slim
RUN useradd --system --uid 10001 --home-dir /finrec finrec \
    && install --directory --owner finrec /var/lib/finrec
COPY --from=build /finrec /finrec
COPY migrations /finrec/migrations
WORKDIR /finrec
USER finrec
ENV PATH=/finrec/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    NUMBA_CACHE_DIR=/var/lib/finrec/numba FINREC_ENVIRONMENT=production FINREC_DATA_DIR=/var/lib/finrec
VOLUME /var/lib/finrec
EXPOSE 8000
CMD ["finrec", "serve", "--host", "0.0.0.0"]
