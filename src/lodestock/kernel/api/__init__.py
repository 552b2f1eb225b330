"""The base every room's API stands on.

- ``viewsets``: ``RecordViewSet``, ``ReadViewSet``; every viewset defines ``visible_to(principal)``
- ``verbs``: ``@verb`` turns a service into ``POST /resource/{sqid}/verb``
- ``serializers`` and ``fields``: sqids instead of keys, decimals as strings, unknown fields refused
- ``filters``: strict filters, ordering and search
- ``pagination``: keyset cursors · ``problems``: RFC 9457 · ``idempotency`` · ``versioning``
"""
