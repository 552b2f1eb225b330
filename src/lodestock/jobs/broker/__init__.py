"""The embedded message queue: kombu's pgmq transport on the same PostgreSQL, made to fit."""
