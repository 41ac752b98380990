"""dj-stripe reads everything into its own tables. Prints what it then holds, by model, as JSON."""

import io
import json
import sys

import django
from django.conf import settings
from django.core.management import call_command

MODELS = sys.argv[2].split(",")

settings.configure(
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "djstripe"],
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    DJSTRIPE_FOREIGN_KEY_TO_FIELD="id",
    SECRET_KEY="none",
    STRIPE_API_HOST=sys.argv[1],
    STRIPE_LIVE_MODE=False,
    STRIPE_TEST_SECRET_KEY="sk_test_djstripe0123456789abcdef",
    USE_TZ=True,
)
django.setup()

from django.apps import apps  # noqa: E402

call_command("migrate", verbosity=0)
complaints = io.StringIO()
call_command("djstripe_sync_models", *MODELS, stdout=io.StringIO(), stderr=complaints)

held = {name: sorted(apps.get_model("djstripe", name).objects.values_list("id", flat=True)) for name in MODELS}
print(json.dumps({"held": held, "complaints": complaints.getvalue().splitlines()}))
