"""PostgreSQL and Redis from wheels, for machines that have neither."""

from server.embedded.postgres import postgres
from server.embedded.redis import CACHE, QUEUE, redis
from server.embedded.service import Service
from server.embedded.services import embedded, services

__all__ = ["CACHE", "QUEUE", "Service", "embedded", "postgres", "redis", "services"]
