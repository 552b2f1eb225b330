"""The public API: authentication, paging, throttles and its description."""

from datetime import timedelta

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "rest_framework_simplejwt.authentication.JWTAuthentication",
        "lodestock.accounts.api.authentication.ApiKeyAuthentication",
        "lodestock.accounts.api.authentication.BrowserSessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["lodestock.kernel.api.permissions.HoldsPermission"],
    "DEFAULT_FILTER_BACKENDS": [
        "lodestock.kernel.api.filters.StrictFilterBackend",
        "lodestock.kernel.api.filters.StrictSearchFilter",
        "lodestock.kernel.api.filters.StrictOrderingFilter",
    ],
    "DEFAULT_PAGINATION_CLASS": "lodestock.kernel.api.pagination.KeysetPagination",
    "DEFAULT_VERSIONING_CLASS": "lodestock.kernel.api.versioning.AddressAndHeaderVersioning",
    "DEFAULT_VERSION": "1",
    "DEFAULT_PARSER_CLASSES": ["lodestock.kernel.api.parsers.StrictJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "lodestock.kernel.api.schema.ApiSchema",
    "EXCEPTION_HANDLER": "lodestock.kernel.api.problems.problem_handler",
    "DEFAULT_THROTTLE_CLASSES": [
        "lodestock.kernel.api.throttles.PrincipalThrottle",
        "lodestock.kernel.api.throttles.AnonymousThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {"anon": "60/min", "user": "6000/min", "login": "20/min"},
    "URL_FORMAT_OVERRIDE": None,
    "COERCE_DECIMAL_TO_STRING": True,
    "DATETIME_FORMAT": "%Y-%m-%dT%H:%M:%S.%fZ",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}

# Where the documentation finds the addresses of all rooms.
API_ADDRESSES = "lodestock.config.api"

SIMPLE_JWT = {
    "ACCESS_TOKEN_LIFETIME": timedelta(minutes=15),
    "REFRESH_TOKEN_LIFETIME": timedelta(days=14),
    "ROTATE_REFRESH_TOKENS": True,
    "BLACKLIST_AFTER_ROTATION": True,
    "ALGORITHM": "HS256",
    "ISSUER": "lodestock",
    "AUTH_HEADER_TYPES": ("Bearer",),
    "UPDATE_LAST_LOGIN": False,
    # A token carries the public id, and ends when its user's password changes.
    "USER_ID_FIELD": "sqid",
    "USER_ID_CLAIM": "sub",
    "CHECK_REVOKE_TOKEN": True,
}

SPECTACULAR_SETTINGS = {
    # The description is judged by our own tests; a deployment has nothing to cure in it.
    "ENABLE_DJANGO_DEPLOY_CHECK": False,
    "TITLE": "Lodestock API",
    "DESCRIPTION": (
        "Orders, warehouses and feeds on a stock ledger that conserves every quantity."
        " Quantities and money are decimal strings; ids are short public ids."
    ),
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": r"/api/v[0-9]+",
    "COMPONENT_SPLIT_REQUEST": True,
    "SORT_OPERATIONS": True,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    # Closed lists stay where they are used: names made up for them would change with every room.
    "POSTPROCESSING_HOOKS": ["lodestock.kernel.api.schema.add_problem_component"],
}
