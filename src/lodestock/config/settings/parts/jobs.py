"""Background work. A task is a hint; the truth is a row, and a sweeper sends what is due again."""

CELERY_TASK_DEFAULT_QUEUE = "lodestock"
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_RESULT_BACKEND = None
CELERY_TASK_TIME_LIMIT = 6 * 60 * 60
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_TIMEZONE = "UTC"
CELERY_ENABLE_UTC = True
DJANGO_CELERY_BEAT_TZ_AWARE = True

# The rooms do not know the roof: what they need from it they are told by name.
JOB_CELERY_APP = "lodestock.config.celery.app"
JOB_KINDS = "lodestock.config.jobs.KINDS"
JOB_SCHEDULES = "lodestock.config.jobs.SCHEDULES"
EVENT_SUBSCRIPTIONS = "lodestock.config.subscriptions.SUBSCRIPTIONS"
EVENT_RUNNER = "lodestock.eventstore.subscriptions.runner.Runner"
