"""PostgreSQL and Redis from wheels, for machines that have neither."""

from server.embedded.attach import embedded, services
from server.embedded.postgres import postgres_server
from server.embedded.redis import redis_server
from server.embedded.service import Service

__all__ = ["Service", "embedded", "postgres_server", "redis_server", "services"]
